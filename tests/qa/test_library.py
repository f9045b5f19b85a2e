def test_sample_library_holds_every_sample(sample_library, sample):
    assert sample_library.status().documents == len([*sample.iterdir()])

"""The desk's page that corrects who a person is."""

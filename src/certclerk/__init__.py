"""certclerk: from a filing cabinet of teachers' certificates to a submission the bureau accepts."""

__version__ = "0.1.0"

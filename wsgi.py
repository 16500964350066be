"""What a WSGI server imports."""

from habits import create_app

app = create_app()

"""Settings without middleware, apps or a database."""

SECRET_KEY = "a-secret-for-measuring-only-of-more-than-32-bytes"
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "urls"
USE_TZ = True

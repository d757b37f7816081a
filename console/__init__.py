"""HR's and the operator's web pages: an aiohttp sub-application at /console/."""

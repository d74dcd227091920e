"""Uploads a file with tuspy, and says where it began and ended: python3 tuspy.py FILE URL HEADERS STOP.

URL ends with /v1/uploads to create an upload with these headers (JSON), or is an upload's own. STOP: 0 for all."""
import json
import sys

from tusclient.client import TusClient

file, url, headers, stop = sys.argv[1:]
client = TusClient(url, headers=json.loads(headers))
address = None if url.endswith('/v1/uploads') else url
uploader = client.uploader(file, url=address, chunk_size=2**20, upload_checksum=True, retries=5, retry_delay=0)
begin = uploader.offset
uploader.upload(stop_at=int(stop) or None)
print(json.dumps({'url': uploader.url, 'begin': begin, 'end': uploader.offset}))

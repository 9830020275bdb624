"""A small OpenID Connect issuer on the loopback address: discovery, authorize, token with PKCE, keys, user info."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "yiwang", "issuer-secret"


class Issuer:
    """Who it vouches for is set by the test: `person` are the claims, `changes` spoil the ID token."""

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(65537, 2048)
        self.signs_with = self.key
        self.person: dict[str, Any] = {"sub": "s-1", "preferred_username": "huang", "name": "黄志强", "phone_number": "13800138000"}
        self.changes: dict[str, Any] = {}
        self.told: dict[str, Any] = {}
        self.codes: dict[str, dict[str, str]] = {}
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=lambda: self.server.serve_forever(poll_interval=0.01), daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def discovery(self) -> dict[str, Any]:
        names = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys", "userinfo_endpoint": "person"}
        return {"issuer": self.address} | {name: f"{self.address}/{path}" for name, path in names.items()}

    def keys(self) -> dict[str, Any]:
        told = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [told | {"kid": "one", "alg": "RS256", "use": "sig"}]}

    def authorize(self, query: dict[str, str]) -> str:
        """Where the browser is sent back to, with a code that only the holder of the PKCE verifier can use."""
        assert query["client_id"] == CLIENT and query["response_type"] == "code", query
        assert query["code_challenge_method"] == "S256" and "openid" in query["scope"].split(), query
        code = hashlib.sha256(query["state"].encode()).hexdigest()
        self.codes[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def token(self, form: dict[str, str]) -> dict[str, Any] | None:
        asked = self.codes.pop(form.get("code", ""), None)
        if asked is None or form.get("client_secret") != SECRET or form.get("redirect_uri") != asked["redirect_uri"]:
            return None
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != asked["code_challenge"]:
            return None
        now = int(time.time())
        claims = {"iss": self.address, "aud": CLIENT, "iat": now, "exp": now + 300, **self.person, **self.changes}
        proof = jwt.encode(claims, self.signs_with, "RS256", headers={"kid": "one"})
        return {"access_token": "access", "token_type": "Bearer", "expires_in": 300, "id_token": proof}

    def _handler(issuer) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                if parts.path == "/authorize":
                    self.send_response(302)
                    self.send_header("Location", issuer.authorize(dict(parse_qsl(parts.query))))
                    self.end_headers()
                    return
                if parts.path == "/person" and self.headers["Authorization"] != "Bearer access":
                    self._answer(401, {})
                    return
                known = {"/.well-known/openid-configuration": issuer.discovery, "/keys": issuer.keys}
                known["/person"] = lambda: issuer.person | issuer.told
                self._answer(200 if parts.path in known else 404, known.get(parts.path, dict)())

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                answer = issuer.token({name: values[0] for name, values in parse_qs(body).items()})
                self._answer(200 if answer else 400, answer or {"error": "invalid_grant"})

            def _answer(self, status: int, facts: dict[str, Any]) -> None:
                body = json.dumps(facts).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: Any) -> None:
                """Silent."""

        return Handler

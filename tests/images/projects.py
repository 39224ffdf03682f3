"""Projects of which the tests build images: small, and made here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

FOR_DEVELOPMENT = {
    "typescript": 1, "@types/express": 1, "@types/node": 1, "@types/body-parser": 1,
    "@types/connect": 1, "@types/express-serve-static-core": 1, "@types/http-errors": 1,
    "@types/qs": 1, "@types/range-parser": 1, "@types/send": 1, "@types/serve-static": 1,
    "undici-types": 1,
}  # fmt: skip
"""The twelve packages of the project below that a running service does without."""

LOCKED = 81

NAIVE = """\
FROM node:24
WORKDIR /app
COPY . .
RUN npm ci
RUN npm run build
ENV NODE_ENV=production
CMD ["node", "dist/server.js"]
"""

OPTIMISED = """\
FROM node:24 AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
RUN npm run build

FROM node:24-slim
WORKDIR /app
ENV NODE_ENV=production
COPY package.json package-lock.json ./
RUN npm ci --omit=dev
COPY --from=build /app/dist ./dist
USER node
CMD ["node", "dist/server.js"]
"""

_BEFORE_THE_LOCK = 12_000


def npm_lock(production: int, development: Mapping[str, int] = FOR_DEVELOPMENT) -> str:
    """A lock file, as npm writes it, of so many packages for production and of some others."""
    names = {f"part-{number:02}": False for number in range(production)}
    names |= dict.fromkeys(development, True)
    packages: dict[str, object] = {"": {"name": "service", "version": "1.0.0"}}
    for name, is_dev in names.items():
        entry: dict[str, object] = {
            "version": "1.2.3",
            "resolved": f"https://registry.example/{name}/-/{name}-1.2.3.tgz",
            "integrity": "sha512-" + "0" * 86 + "==",
            "license": "MIT",
            "dependencies": {"part-01": "^1.2.0", "part-02": "^1.2.0"},
            "engines": {"node": ">= 18"},
        }
        packages[f"node_modules/{name}"] = entry | ({"dev": True} if is_dev else {})
    return json.dumps({"name": "service", "lockfileVersion": 3, "packages": packages}, indent=2)


def node_service(folder: Path, dockerfile: str = NAIVE) -> Path:
    """Write a service in TypeScript with 81 locked packages, as one was recorded: 50 kB in all.

    Gives its Dockerfile.
    """
    scripts = {"build": "tsc -p tsconfig.json", "start": "node dist/server.js"}
    package = {"name": "service", "version": "1.0.0", "scripts": scripts}
    files = {
        "package.json": json.dumps(package, indent=2),
        "package-lock.json": npm_lock(LOCKED - len(FOR_DEVELOPMENT)),
        "tsconfig.json": '{"compilerOptions": {"outDir": "dist", "strict": true}}\n',
        ".dockerignore": "node_modules\ndist\nDockerfile\n.dockerignore\n",
        "Dockerfile": dockerfile,
    }
    for name in ("server", "routes", "orders", "users", "health", "log", "errors", "settings"):
        line = f"export const {name} = (given: string): string => given.trim();\n"
        files[f"src/{name}.ts"] = line * (_BEFORE_THE_LOCK // 8 // len(line))
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder / "Dockerfile"

"""Dockerfiles of all kinds, for what reads them: each shows something that the others do not."""

from __future__ import annotations

NODE = """\
# syntax=docker/dockerfile:1
FROM node:24-slim
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
EXPOSE 3000
CMD ["node", "server.js"]
"""

DOCKERFILES = {
    "node": NODE,
    "one line": "FROM scratch",
    "small letters": "from alpine\nrun echo hi\ncmd echo\n",
    "mixed letters": "FrOm alpine as Build\nRuN echo hi\n",
    "indented": "  FROM alpine\n\t RUN echo hi\n   # comment\n  COPY a b\n",
    "syntax directive": "# syntax=docker/dockerfile:1.7-labs\nFROM alpine\n",
    "all directives": "#syntax=a\n# escape = `\n#   check=skip=all\nFROM a\nRUN a `\n  b\n",
    "directive in capitals": "# ESCAPE=`\nFROM a\nRUN a `\nb\n",
    "directive after a comment": "# hello\n# escape=`\nFROM a\nRUN a \\\nb\n",
    "directive after a blank line": "\n# escape=`\nFROM a\nRUN a \\\nb\n",
    "directive of no kind": "# colour=blue\n# escape=`\nFROM a\nRUN c:\\\\x\n",
    "escape is a backtick": (
        "# escape=`\nFROM windows\nCOPY a c:\\\nRUN dir c:\\ `\n  && echo `$x\nENV a=b` c d=e\n"
    ),
    "byte order mark": "\ufeffFROM alpine\nRUN echo hi\n",
    "byte order mark and directive": "\ufeff# escape=`\nFROM alpine\nRUN a `\nb\n",
    "lines of Windows": 'FROM alpine\r\nRUN a \\\r\n  b\r\n\r\n# c\r\nCMD ["x"]\r\n',
    "no end of the last line": "FROM alpine\nRUN echo hi",
    "continued at the end": "FROM alpine\nRUN echo \\\n",
    "only a continuation": "FROM alpine\n\\\nRUN a\n",
    "comments everywhere": "# a\nFROM alpine\n\n#b\n  # c\nRUN echo '# no' # no\n",
    "comments in a continuation": (
        "FROM alpine\nRUN apt-get update && \\\n# first\n    apt-get install -y \\\n"
        "  # second, indented\n      curl \\\n#\n      git\n"
    ),
    "blank lines in a continuation": "FROM alpine\nRUN a \\\n\n\n  b \\\n   \n\t\n  c\n",
    "space after the continuation": "FROM alpine\nRUN a \\  \n  b \\\t\n c\n",
    "doubled backslash": "FROM alpine\nRUN echo a\\\\\nRUN b\n",
    "continuation after three": "FROM alpine\nRUN echo a \\\\\\\nRUN b\n",
    "continued keyword": "FROM alp\\\nine\nRU\\\nN echo\n",
    "ARG before FROM": "ARG V=3.20\nARG W\nFROM alpine:${V}\nARG V\nRUN echo $V\n",
    "many ARGs": "ARG a b=c d='e f' g=\"h i\"\nFROM alpine\nARG a b=$a d\\ e=f\nARG x=\n",
    "stages": (
        "FROM golang:1.24 AS build\nWORKDIR /src\nCOPY . .\nRUN go build -o /out/app .\n"
        'FROM gcr.io/distroless/static\nCOPY --from=build /out/app /app\nENTRYPOINT ["/app"]\n'
    ),
    "stage by number": "FROM a\nRUN x\nFROM b\nCOPY --from=0 /x /y\n",
    "stage from stage": "FROM a AS one\nFROM one AS two\nFROM two\nCOPY --from=one x y\n",
    "image as source": "FROM a\nCOPY --from=nginx:latest /etc/nginx/nginx.conf /n\n",
    "platforms": (
        "FROM --platform=$BUILDPLATFORM golang AS b\nARG TARGETOS TARGETARCH\n"
        "RUN GOOS=$TARGETOS GOARCH=${TARGETARCH} go build\nFROM --platform=linux/arm64/v8 alpine\n"
    ),
    "digest": f"FROM alpine@sha256:{'0123456789abcdef' * 4}\nRUN a\n",
    "shell forms": "FROM a\nRUN echo \"a b\" 'c'\nCMD echo $HOME\nENTRYPOINT top -b\n",
    "exec forms": (
        'FROM a\nRUN ["/bin/sh", "-c", "echo hi"]\nCMD ["a", "b c"]\nENTRYPOINT ["x"]\n'
        'SHELL ["/bin/bash", "-o", "pipefail", "-c"]\nVOLUME ["/a", "/b c"]\n'
        'COPY ["a b", "c", "d/"]\nADD ["x y", "/"]\nHEALTHCHECK CMD ["curl", "-f"]\n'
    ),
    "no JSON after all": (
        "FROM a\nRUN ['a', 'b']\nRUN [ -f x ] && echo y\nCMD [a]\nENTRYPOINT [\"a\",]\n"
        'RUN ["a"\nVOLUME [/data]\nCOPY [a b c\nRUN [[ -n "$x" ]]\nCMD ["a\\qb"]\n'
    ),
    "odd JSON": (
        'FROM a\nRUN []\nCMD [ ]\nRUN ["\\u0061\\n", "\\ud83d\\ude00", "ä"]\nENTRYPOINT [""]\n'
        'CMD [\t"a" ,"b"\t]\nRUN   [ "a" ]  \n'
    ),
    "JSON over lines": 'FROM a\nCMD ["node", \\\n  "server.js", \\\n  "--port", "80"]\n',
    "ENV": (
        'FROM a\nENV A=1 B="2 3" C=\'4 5\' D=6\\ 7 E=\nENV F the rest = "of it"\n'
        "ENV G=$A H=${B} I=${C:-x} J=\\$A\nENV K=\"$A ${B}\" L='$A'\nENV  M\t n  o\n"
    ),
    "ENV over lines": 'FROM a\nENV A=1 \\\n    B="2 \\\n 3" \\\n    # no\n    C=4\n',
    "LABEL": (
        'FROM a\nLABEL a=b "c d"="e f" org.x.y=\'z\'\nLABEL old style value\n'
        'LABEL description="over \\\nlines"\nLABEL a.b=c\\ d e==f\n'
    ),
    "quotes that stay open": 'FROM a\nENV A="b c\nLABEL d=\'e f\nARG g="h\n',
    "escape at the end": "FROM a\nENV A=b\\\\\nARG c=\\\\\n",
    "modifiers": (
        "FROM a\nARG x\nENV A=${x:-d} B=${x:+d} C=${x-d} D=${x+d} E=${A#d} F=${A##*d} G=${A%d}\n"
        'ENV H=${A%%d*} I=${A/d/e} J=${A//d/e} K=${x:-${A:-"q"}}\nRUN echo ${x:?no}\n'
    ),
    "heredoc": "FROM a\nRUN <<EOF\nset -e\necho hi # there\n\nEOF\nRUN x\n",
    "heredocs in COPY": (
        "FROM a\nCOPY <<EOF /etc/a.conf\nx=$y\nEOF\nCOPY <<'a.b' <<\"C\" b /etc/\n\\$1\na.b\n2\nC\n"
    ),
    "heredoc in ADD": "FROM a\nADD <<x.txt /\n  hello\nx.txt\n",
    "heredoc without tabs": "FROM a\nRUN <<-EOF\n\techo\n\t\tdeep\n\tEOF\nCOPY <<-X /y\n\ta\nX\n",
    "several heredocs": "FROM a\nRUN cat <<A <<-B 3<<C > out\na\nA\n\tb\n\tB\nc\nC\nRUN x\n",
    "heredoc with a shebang": "FROM a\nRUN <<EOF\n#!/usr/bin/env python3\nprint(1)\nEOF\n",
    "heredoc with flags": (
        "FROM a\nRUN --mount=type=cache,target=/x --network=none <<EOF bash -ex\nnpm ci\nEOF\n"
    ),
    "heredoc that looks like more": "FROM a\nRUN <<EOF\nFROM b\n# c\nRUN <<X\\\nEOF\nRUN y\n",
    "heredoc and Windows lines": "FROM a\r\nRUN <<EOF\r\na\r\nEOF\r\nRUN b\r\n",
    "no heredoc": (
        'FROM a\nRUN echo "<<EOF"\nRUN cat <<<x\nRUN echo \\<<EOF\nRUN a << b\nRUN ["x", "<<EOF"]\n'
        "USER <<EOF\nENV a=<<EOF\nRUN echo $((1<<2)) <<\n"
    ),
    "heredoc after a continuation": "FROM a\nRUN a \\\n  <<EOF \\\n  b\nc\nEOF\n",
    "ONBUILD": (
        'FROM a\nONBUILD COPY . /src\nonbuild run make\nONBUILD RUN ["a", "b"]\n'
        "ONBUILD ENV a=b c=d\nONBUILD RUN <<EOF\nx\nEOF\nONBUILD   ADD   a  b\n"
    ),
    "HEALTHCHECK": (
        "FROM a\nHEALTHCHECK --interval=5m --timeout=3s --start-period=1m30s --start-interval=1s "
        "--retries=3 CMD curl -f http://localhost/ || exit 1\nHEALTHCHECK NONE\n"
        'HEALTHCHECK --retries=0 \\\n  CMD ["a", "b"]\nhealthcheck   cmd   a  b\n'
    ),
    "ADD and its flags": (
        f"FROM a\nADD --checksum=sha256:{'0' * 64} https://x.org/a.tar.xz /\n"
        "ADD --keep-git-dir=true git@x.org:a/b.git#v1 /b\n"
        "ADD --chown=55:x --chmod=u=rwX,go=rX --link a* /d/\nADD --unpack=false a.tar /\n"
    ),
    "COPY and its flags": (
        "FROM a\nCOPY --chown=node:node --chmod=755 --link --parents --exclude=*.md --exclude=b "
        "src/ d?c /app/\nCOPY --link=false a b\nCOPY --from=b --chown=$U:1 --  --odd d/\n"
    ),
    "RUN and its flags": (
        "FROM a\nRUN --mount=type=cache,id=npm,sharing=locked,target=/root/.npm "
        "--mount=type=bind,from=b,source=/x,target=/y,rw --mount=type=secret,id=s,env=S "
        '--mount=type=ssh --network=host --security=insecure npm ci\nRUN --mount="type=tmpfs,'
        'target=/a b" x\nRUN --mount=type=bind,source=package.json,target=p \\\n    npm ci\n'
    ),
    "flags that are none": "FROM a\nRUN -- --x y\nRUN a --b\nCMD -x\nENTRYPOINT -- a\n",
    "quoted flags": "FROM a\nCOPY --chown='a b' --chmod=\"7\"55 x y\nRUN --network=no\\ne z\n",
    "the others": (
        "FROM a\nMAINTAINER  Some One  <a@b.c>\nEXPOSE 80 443/tcp  8000-8010/udp\nUSER a:b\n"
        "WORKDIR /a b/c\nWORKDIR d\nVOLUME /a /b\nSTOPSIGNAL QUIT\nSTOPSIGNAL 9\nCMD\nENTRYPOINT\n"
    ),
    "words between odd spaces": "FROM\talpine\vAS\fx\nCOPY\ta \t b\nEXPOSE\t80\t 81\nRUN\t\ta\tb",
    "letters of the world": "FROM a\nRUN echo 你好 ñ é\nENV GRÜN=ja\nCOPY ü ä/\nLABEL ñ=x\u3000\n",
    "nothing but space": "FROM a\n   \n\t\n\u00a0\nRUN b\n",
    "no space after the comment": "#FROM x\n#\n##\nFROM a\n",
    "long": "FROM a\nRUN " + " && ".join(f"echo {number}" for number in range(4000)) + "\n",
    "many": "FROM a\n" + "RUN true\nENV a=b\n" * 200,
    "classic apt": (
        "FROM debian:bookworm-slim\nRUN set -eux; \\\n\tapt-get update; \\\n"
        "\tapt-get install -y --no-install-recommends \\\n\t\tca-certificates \\\n\t\tnetbase \\\n"
        "\t; \\\n\trm -rf /var/lib/apt/lists/*\n"
    ),
    "python": (
        "ARG PYTHON=3.12\nFROM python:${PYTHON}-slim AS base\nENV PYTHONUNBUFFERED=1 \\\n"
        "    PIP_NO_CACHE_DIR=off\nFROM base AS build\nCOPY requirements.txt .\n"
        "RUN --mount=type=cache,target=/root/.cache/pip pip install -r requirements.txt\n"
        "FROM base\nCOPY --from=build /usr/local /usr/local\nCOPY . .\nUSER 1000\n"
        'HEALTHCHECK CMD python -c "import x"\nCMD ["python", "-m", "app"]\n'
    ),
    "cargo": (
        "FROM rust:1 AS build\nRUN mkdir src && echo 'fn main() {}' > src/main.rs\n"
        "COPY Cargo.* ./\nRUN cargo build --release && rm -r src\nCOPY src src\n"
        "RUN touch src/main.rs && cargo build --release\nFROM scratch\n"
        "COPY --from=build /target/release/a /a\n"
    ),
}
"""By what they show; all are in order."""

WRONG = {
    "empty": "",
    "only comments": "# a\n\n   # b\n",
    "escape of no kind": "# escape=x\nFROM a\n",
    "directive twice": "# escape=`\n# escape=\\\nFROM a\n",
    "array of more than texts": 'FROM a\nRUN ["a", 1]\n',
    "array in an array": 'FROM a\nCMD [["a"]]\n',
    "ENV without a value": "FROM a\nENV a\n",
    "ENV with a word": "FROM a\nENV a=b c\n",
    "LABEL with a word": 'FROM a\nLABEL "a"="b" c\n',
    "open heredoc": "FROM a\nRUN <<EOF\nx\n",
    "open heredoc in COPY": "FROM a\nCOPY <<A <<B /x\nA\n",
    "heredoc whose tabs count": "FROM a\nRUN <<EOF\n\tx\n\tEOF\n",
    "long line": "FROM a\nRUN " + "x" * 70_000,
}
"""What no builder reads, by what is wrong."""

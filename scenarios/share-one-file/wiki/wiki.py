from pathlib import Path

import markdown
from flask import Flask

app = Flask(__name__)


@app.get("/<page>")
def show(page: str) -> str:
    return markdown.markdown(Path("pages", f"{page}.md").read_text())

"""The build of the preview: styles by component, rpx by the width, what is broken named, and what is missing said."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.miniprogram.conftest import ROOT, SOURCE

BUILD = ROOT / "simulator" / "preview"
FILES = {
    "package.json": "{}",
    "app.json": json.dumps({"pages": ["pages/home/home"]}),
    "app.js": "App({})",
    "app.wxss": "page { font-size: 30rpx } .lead { margin: -2.5rpx }",
    "pages/home/home.json": json.dumps({"usingComponents": {"a-box": "/components/box/box"}}),
    "pages/home/home.js": "Component({})",
    "pages/home/home.wxml": '<view class="lead"><a-box>{{text}}</a-box></view>',
    "pages/home/home.wxss": 'button { color: red } .lead > .lead { color: blue } @import "/shared.wxss";',
    "shared.wxss": "@keyframes turn { from { left: 0 } to { left: 10rpx } }",
    "components/box/box.json": json.dumps({"component": True}),
    "components/box/box.js": "export const a = 1; Component({ options: { styleIsolation: 'apply-shared' } })",
    "components/box/box.wxml": "<text><slot/></text>",
    "components/box/box.wxss": ":host { display: block }",
}


def source(folder: Path, **changed: str) -> Path:
    tools = SOURCE / "node_modules"
    if shutil.which("node") is None or not (tools / "miniprogram-simulate").is_dir():
        pytest.skip("Node or the mini program's tools are not installed: make preview")
    for name, text in {**FILES, **changed}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    (folder / "node_modules").symlink_to(tools)
    return folder


def build(folder: Path, target: Path) -> subprocess.CompletedProcess[str]:
    node = shutil.which("node") or "node"
    return subprocess.run(
        [node, str(BUILD / "build.js"), str(folder), str(target)], capture_output=True, text=True, check=False
    )


def test_styles_are_scoped_and_rpx_follows_the_width(tmp_path: Path) -> None:
    assert build(source(tmp_path / "app"), tmp_path / "out").returncode == 0
    styles = (tmp_path / "out" / "program.css").read_text()
    assert ".wx-page { font-size: calc(30 * 100vw / 750) }" in styles
    assert ":is(.c1--lead,.c2--lead) { margin: calc(-2.5 * 100vw / 750) }" in styles
    assert '[data-page="pages/home/home"] wx-button { color: red }' in styles
    assert ".c1--lead > .c1--lead { color: blue }" in styles
    assert "from { left: 0 } to { left: calc(10 * 100vw / 750) }" in styles
    assert "a-box { display: block }" in styles
    script = (tmp_path / "out" / "program.js").read_text()
    assert "exports.a = " in script
    assert '"/components/box/box"' in script
    assert str(tmp_path) not in script


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("pages/home/home.wxml", "<view><text></view>", "home.wxml"),
        ("pages/home/home.js", "export default {", "home.js"),
        ("app.json", "{", "JSON"),
    ],
)
def test_what_is_broken_is_named_and_nothing_is_left_half_done(tmp_path: Path, name: str, text: str, told: str) -> None:
    made = build(source(tmp_path / "app", **{name: text}), tmp_path / "out")
    assert made.returncode == 1
    assert made.stderr.startswith("the preview was not built: ")
    assert told in made.stderr
    assert not (tmp_path / "out" / "program.js").exists()


def test_a_machine_without_node_is_told_so_and_goes_on(tmp_path: Path) -> None:
    for tool in ("dirname", "sh"):
        (tmp_path / tool).symlink_to(shutil.which(tool) or tool)
    script = str(BUILD / "make.sh")
    made = subprocess.run(
        [script, "miniprogram", str(tmp_path / "out")],
        capture_output=True,
        text=True,
        env={"PATH": str(tmp_path)},
        check=False,
    )
    assert made.returncode == 0
    assert "without the mini program: Node is not installed" in made.stderr

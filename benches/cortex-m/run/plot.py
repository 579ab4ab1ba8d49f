"""docs/footprint.svg: flash and stack of W1 to W4 and of everything, beside the C libraries."""

WIDTH, LEFT, BAR, STEP = 760, 250, 16, 24
# Grey and blue that can be seen on white and on black alike, where a viewer tells nothing of its colours.
STYLE = """<style>
text { font: 13px system-ui, sans-serif; fill: #6e7781; }
.title { font-weight: 600; }
.ours { fill: #2f81f7; }
.theirs { fill: #8b949e; }
.budget { stroke: #d29922; stroke-width: 2; stroke-dasharray: 4 3; }
@media (prefers-color-scheme: dark) { text { fill: #b1bac4; } }
@media (prefers-color-scheme: light) { text { fill: #424a53; } }
</style>"""


def panels(figures):
    """(title, budget, bars); a bar is (name, bytes, whether it is ours)."""
    def ours(name, figure):
        return name, figures["m4 " + figure], True

    return (
        ("Flash in bytes on a Cortex-M4, W1 to W4", 7400, (
            ours("pos-token", "w1_w4 flash"),
            ours("pos-token, MAC of the platform", "w1_w4_mac flash"),
            ("coreJSON + Monocypher", 7439, False))),
        ("Flash with HTTP", 16384, (
            ours("pos-token, everything", "everything flash"),
            ours("pos-token, one provider with HTTP", "w6_zype flash"),
            ("coreHTTP, HTTP alone", 22300, False))),
        ("Stack, W1 to W4", 1400, (
            ours("pos-token", "w1_w4 stack"),
            ours("pos-token, MAC of the platform", "w1_w4_mac stack"),
            ("the C set with Monocypher", 832, False),
            ("the C set with mbedTLS", 1236, False),
            ("the C set with BearSSL", 2080, False))),
    )


def svg(figures):
    parts, top = [], 8
    for title, budget, bars in panels(figures):
        scale = (WIDTH - LEFT - 72) / max(budget, *(size for _, size, _ in bars))
        parts.append(f'<text class="title" x="8" y="{top + 14}">{title}, budget {budget:,}</text>')
        top += 24
        for name, size, is_ours in bars:
            width = max(1, round(size * scale))
            parts.append(f'<text x="{LEFT - 8}" y="{top + 13}" text-anchor="end">{name}</text>')
            parts.append(f'<rect class="{"ours" if is_ours else "theirs"}" x="{LEFT}" y="{top}" width="{width}" '
                         f'height="{BAR}" rx="2"/>')
            parts.append(f'<text x="{WIDTH - 8}" y="{top + 13}" text-anchor="end">{size:,}</text>')
            top += STEP
        at = LEFT + round(budget * scale)
        parts.append(f'<line class="budget" x1="{at}" x2="{at}" y1="{top - STEP * len(bars) - 4}" y2="{top - 4}"/>')
        top += 16
    top -= 8
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{top}" viewBox="0 0 {WIDTH} {top}" '
            f'role="img" aria-label="Flash and stack of pos-token beside C libraries">\n{STYLE}\n'
            + "\n".join(parts) + "\n</svg>\n")

/// The look of a page: one set of colours for light, one for dark, and rules for narrow and printed
/// pages. Nothing is told by colour alone.
enum PageStyle {
  static let css = """
    :root {
      --back: #ffffff; --raised: #f6f8fa; --line: #d1d9e0; --text: #1f2328; --soft: #59636e;
      --link: #0969da; --good: #1a7f37; --warn: #9a6700; --bad: #cf222e;
      --one: #2a7f62; --two: #bc4c00; --three: #6639ba; --four: #0b5cad; --track: #eaeef2;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --back: #0d1117; --raised: #161b22; --line: #30363d; --text: #e6edf3; --soft: #9198a1;
        --link: #58a6ff; --good: #3fb950; --warn: #d29922; --bad: #f85149;
        --one: #46c08f; --two: #f0883e; --three: #b392f0; --four: #79b8ff; --track: #21262d;
      }
    }
    * { box-sizing: border-box; }
    html { color-scheme: light dark; -webkit-text-size-adjust: 100%; }
    body {
      margin: 0 auto; padding: 1.5rem 1rem 3rem; max-width: 68rem; background: var(--back);
      color: var(--text); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere;
    }
    .kicker, footer, .note, figcaption span { color: var(--soft); font-size: 0.875rem; }
    .kicker { margin: 0; }
    h1 { margin: 0 0 0.75rem; font-size: 1.75rem; line-height: 1.2; }
    h2 {
      margin: 2.5rem 0 0.75rem; padding-bottom: 0.25rem; border-bottom: 1px solid var(--line);
      font-size: 1.25rem;
    }
    a { color: var(--link); }
    nav { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; font-size: 0.875rem; }
    p { margin: 0.5rem 0; max-width: 48rem; }
    .verdict { font-size: 1.125rem; }
    code, .mono { font-family: ui-monospace, monospace; font-size: 0.875em; }
    .tiles {
      display: grid; grid-template-columns: repeat(auto-fill, minmax(10.5rem, 1fr)); gap: 0.75rem;
      margin: 1rem 0; padding: 0; list-style: none;
    }
    .tiles li {
      padding: 0.625rem 0.875rem; background: var(--raised); border: 1px solid var(--line);
      border-left: 4px solid var(--line); border-radius: 6px;
    }
    .tiles span { display: block; color: var(--soft); font-size: 0.8125rem; }
    .tiles b { display: block; font-size: 1.25rem; line-height: 1.3; }
    .tiles li.good { border-left-color: var(--good); }
    .tiles li.warn { border-left-color: var(--warn); }
    .tiles li.bad { border-left-color: var(--bad); }
    dl { display: grid; grid-template-columns: minmax(8rem, 12rem) 1fr; gap: 0.25rem 1rem; margin: 0.75rem 0; }
    dt { color: var(--soft); }
    dd { margin: 0; }
    ul.entries { margin: 0.75rem 0; padding: 0; list-style: none; }
    ul.entries li { margin: 0 0 0.5rem; padding: 0 0 0 0.75rem; border-left: 4px solid var(--line); }
    ul.entries li.good { border-left-color: var(--good); }
    ul.entries li.warn { border-left-color: var(--warn); }
    ul.entries li.bad { border-left-color: var(--bad); }
    ul.entries .label { font-weight: 600; }
    li.good .label { color: var(--good); }
    li.warn .label { color: var(--warn); }
    li.bad .label { color: var(--bad); }
    figure { margin: 1.25rem 0; }
    figcaption, caption { margin-bottom: 0.5rem; font-weight: 600; text-align: left; }
    figcaption span { display: block; font-weight: 400; }
    .scroll { overflow-x: auto; }
    table { border-collapse: collapse; width: 100%; font-size: 0.875rem; font-variant-numeric: tabular-nums; }
    .scroll table { overflow-wrap: normal; }
    th, td { padding: 0.3rem 0.35rem; border-bottom: 1px solid var(--line); text-align: right; vertical-align: top; }
    thead th { color: var(--soft); font-weight: 600; vertical-align: bottom; }
    .scroll td, .scroll th { white-space: nowrap; }
    .scroll thead th, .scroll td.words { white-space: normal; }
    .scroll td.words { min-width: 9rem; }
    th:first-child, td.words, th.words { text-align: left; }
    tbody th { font-weight: 400; }
    .scroll tbody th { min-width: 11rem; max-width: 16rem; overflow-wrap: anywhere; white-space: normal; }
    .bars tr { display: grid; grid-template-columns: 12rem 1fr 15rem; column-gap: 0.75rem; align-items: center; }
    .bars th, .bars td { border: 0; padding: 0.1rem 0; }
        .bars td.value { text-align: left; }
    .bars td svg { display: block; width: 100%; height: 0.875rem; }
    .bars td svg.two { height: 1.25rem; }
    .bars td svg.three { height: 1.5rem; }
    .bars td svg.four { height: 1.75rem; }
    .legend { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; margin: 0 0 0.5rem; font-size: 0.8125rem; color: var(--soft); }
    .legend svg { width: 0.75rem; height: 0.75rem; margin-right: 0.35rem; vertical-align: -0.05rem; }
    .picture svg { display: block; width: 100%; height: auto; max-height: 36rem; }
    svg text { font-family: system-ui, sans-serif; fill: var(--text); }
    .track { fill: var(--track); }
    .one { fill: var(--one); }
    .two { fill: var(--two); }
    .three { fill: var(--three); }
    .four { fill: var(--four); }
    .bars svg.two, .bars svg.three, .bars svg.four { fill: none; }
    .mark { fill: var(--text); }
    .grid { fill: none; stroke: var(--line); }
    .border { fill: none; stroke: var(--text); stroke-width: 2; }
    .flow { fill: none; stroke: var(--two); stroke-linecap: round; }
    @media (max-width: 40rem) {
      body { padding: 1rem 0.75rem 2rem; }
      h1 { font-size: 1.375rem; }
      dl { grid-template-columns: 1fr; gap: 0; }
      dd { margin-bottom: 0.5rem; }
      .tiles { grid-template-columns: 1fr 1fr; gap: 0.5rem; }
      .bars tr { grid-template-columns: 1fr auto; padding-bottom: 0.35rem; }
      .bars td.draw { grid-row: 2; grid-column: 1 / -1; }
      .bars td.value { text-align: right; max-width: 60vw; }
    }
    @media print {
      :root { --back: #ffffff; --raised: #ffffff; --text: #000000; --soft: #444444; --line: #bbbbbb; --track: #eeeeee; }
      body { max-width: none; padding: 0; font-size: 10pt; }
      nav { display: none; }
      h2, figcaption, caption { break-after: avoid; }
      tr, li, .picture { break-inside: avoid; }
      .scroll { overflow: visible; }
      svg, .tiles li { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
    }
    """
}

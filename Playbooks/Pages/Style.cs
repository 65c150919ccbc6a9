namespace MonoRepo.Playbooks.Pages;

/// <summary>The one style sheet, which the security policy knows by its hash.</summary>
internal static class Style
{
    public const string Text = """
        :root{color-scheme:light dark;--line:#8884;--weak:#888}
        body{font:15px/1.45 system-ui,sans-serif;margin:0 auto;max-width:90em;padding:0 1.5em 3em}
        nav{display:flex;gap:1.2em;align-items:center;padding:.8em 0;border-bottom:1px solid var(--line)}
        nav form{margin-left:auto}h1{font-size:1.5em}h2{font-size:1.15em;margin-top:2em}
        .fixed{white-space:nowrap}p.weak,td.weak,small{color:var(--weak)}table{border-collapse:collapse}
        th,td{padding:.3em .8em .3em 0;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
        .problem{border-left:4px solid #c80;padding:.4em .8em;background:#c801}
        .state{border-radius:.3em;padding:.05em .5em;color:#fff;background:#777}.firing.page{background:#b00}
        .firing{background:#c50}.pending{background:#876400}
        code,pre{font:13px/1.5 ui-monospace,monospace;background:#8881;border-radius:.3em;user-select:all;-webkit-user-select:all}
        code{padding:.1em .3em;overflow-wrap:anywhere}pre{padding:.8em;overflow-x:auto;cursor:copy}
        pre code{background:none;padding:0}
        .panels{display:grid;grid-template-columns:repeat(auto-fill,minmax(26em,1fr));gap:1em}
        .panels h2,.wide{grid-column:1/-1}figure{margin:0;padding:.6em;border:1px solid var(--line);border-radius:.4em}
        figcaption{font-weight:600}figure ul{list-style:none;margin:0;padding:0;font-size:13px;columns:2}
        figure li{overflow-wrap:anywhere;break-inside:avoid}figure.stat b{font-size:1.5em}svg{width:100%;height:auto}
        svg text{font:11px system-ui,sans-serif;fill:currentColor}text.up{text-anchor:end;dominant-baseline:middle}
        text.at{text-anchor:middle}svg .grid{stroke:var(--line)}svg .mark{stroke:#d29922;stroke-dasharray:4 3}
        svg path{fill:none;stroke-width:1.6;stroke-linecap:round;stroke-linejoin:round}svg.key{width:.8em;height:.8em}
        .c0{stroke:#2a7de1}.c1{stroke:#e8710a}.c2{stroke:#188038}.c3{stroke:#d93025}.c4{stroke:#9334e6}.c5{stroke:#8d6e63}
        .c6{stroke:#d01884}.c7{stroke:#80868b}.c8{stroke:#9aa300}.c9{stroke:#129eaf}.c10{stroke:#5c6bc0}.c11{stroke:#f4a100}
        """;
}

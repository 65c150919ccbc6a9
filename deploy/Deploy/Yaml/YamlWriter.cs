using System.Buffers;
using System.Text;

namespace MonoRepo.Deploy.Yaml;

/// <summary>
/// The one way in which YAML leaves this project: block style, two spaces, lists not indented, LF, quoting by rule.
/// </summary>
internal sealed class YamlWriter
{
    // Line breaks to some readers, a byte order mark, and what YAML calls no printable character.
    private static readonly SearchValues<char> s_unprintable = SearchValues.Create(
        '\u2028', '\u2029', '\ufeff', '\ufffe', '\uffff');

    private readonly StringBuilder _text;

    /// <summary>Writes into <paramref name="text"/>.</summary>
    public YamlWriter(StringBuilder text) => _text = text;

    /// <summary>One document as text.</summary>
    public static string ToText(YamlNode node)
    {
        var text = new StringBuilder();
        new YamlWriter(text).Write(node);
        return text.ToString();
    }

    /// <summary>Appends a document, without a separator.</summary>
    public void Write(YamlNode node)
    {
        if (node is YamlScalar scalar)
        {
            Scalar(scalar, 0);
            return;
        }

        if (!Empty(node))
        {
            Block(node, 0);
        }
    }

    private static bool Empty(YamlNode node) => node is YamlMap { Count: 0 } or YamlList { Count: 0 };

    private void Block(YamlNode node, int indent, bool continued = false)
    {
        if (node is YamlMap map)
        {
            foreach (var (key, value) in map)
            {
                Indent(continued ? 0 : indent);
                continued = false;
                Key(key);
                Value(value, indent);
            }
        }
        else if (node is YamlList list)
        {
            foreach (var item in list)
            {
                Indent(indent);
                _text.Append('-');
                if (item is YamlMap { Count: > 0 })
                {
                    _text.Append(' ');
                    Block(item, indent + 2, continued: true);
                }
                else
                {
                    Value(item, indent + 2);
                }
            }
        }
    }

    private void Value(YamlNode value, int indent)
    {
        switch (value)
        {
            case YamlScalar scalar:
                _text.Append(' ');
                Scalar(scalar, indent);
                break;
            case YamlMap { Count: 0 }:
                _text.Append(" {}\n");
                break;
            case YamlList { Count: 0 }:
                _text.Append(" []\n");
                break;
            case YamlList:
                _text.Append('\n');
                Block(value, indent);
                break;
            default:
                _text.Append('\n');
                Block(value, indent + 2);
                break;
        }
    }

    private void Key(string key)
    {
        if (YamlQuoting.IsPlain(key))
        {
            _text.Append(key);
        }
        else
        {
            Quoted(key);
        }

        _text.Append(':');
    }

    private void Scalar(YamlScalar scalar, int indent)
    {
        var text = scalar.Text;
        if (scalar.Kind != YamlScalarKind.String || YamlQuoting.IsPlain(text))
        {
            _text.Append(text);
        }
        else if (IsBlock(text))
        {
            Literal(text, indent + 2);
            return;
        }
        else
        {
            Quoted(text);
        }

        _text.Append('\n');
    }

    /// <summary>Several lines of printable text become a literal block: scripts and files stay readable in a diff.</summary>
    private static bool IsBlock(string text)
    {
        var lineBreak = text.IndexOf('\n', StringComparison.Ordinal);
        return lineBreak >= 0 && text.Trim('\n').Length > 0 && text[0] is not (' ' or '\n' or '\t')
            && !text.AsSpan().ContainsAnyInRange('\0', '\b') && !text.AsSpan().ContainsAnyInRange('\v', '\u001f')
            && !text.AsSpan().ContainsAnyInRange('\u007f', '\u00a0') && !text.AsSpan().ContainsAny(s_unprintable)
            && !text.Contains(" \n", StringComparison.Ordinal);
    }

    private void Literal(string text, int indent)
    {
        // |  one line break at the end;  |-  none;  |+  several
        var body = text.TrimEnd('\n');
        var breaks = text.Length - body.Length;
        _text.Append(breaks switch { 0 => "|-\n", 1 => "|\n", _ => "|+\n" });
        foreach (var line in body.AsSpan().EnumerateLines())
        {
            if (!line.IsEmpty)
            {
                Indent(indent);
                _text.Append(line);
            }

            _text.Append('\n');
        }

        _text.Append('\n', Math.Max(0, breaks - 1));
    }

    private void Quoted(string text)
    {
        _text.Append('"');
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                // One character of two halves, such as an emoji; an escape for each half would be none of YAML's.
                _text.Append(c).Append(text[++i]);
                continue;
            }

            _ = c switch
            {
                '"' => _text.Append("\\\""),
                '\\' => _text.Append("\\\\"),
                '\n' => _text.Append("\\n"),
                '\r' => _text.Append("\\r"),
                '\t' => _text.Append("\\t"),
                < ' ' or (>= '\u007f' and <= '\u00a0') or '\u2028' or '\u2029' or '\ufeff' or '\ufffe' or '\uffff'
                    or (>= '\ud800' and <= '\udfff') =>
                    _text.Append("\\u").Append(((int)c).ToString("x4", System.Globalization.CultureInfo.InvariantCulture)),
                _ => _text.Append(c),
            };
        }

        _text.Append('"');
    }

    private void Indent(int indent) => _text.Append(' ', indent);
}

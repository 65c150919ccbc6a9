using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;

namespace MonoRepo.ServiceDefaults.Pages;

/// <summary>
/// HTML, written as an interpolated string: whatever is put into it is encoded, unless it is HTML itself. Attributes have to be
/// in double quotes, and an address that isn't of our own making has to have gone through <see cref="Link"/>.
/// </summary>
[InterpolatedStringHandler]
internal readonly struct Html(int literalLength, int formattedCount)
{
    private readonly StringBuilder _text = new(literalLength + (formattedCount * 16));

    public static Html None { get; } = $"";

    /// <summary>Text that is HTML already.</summary>
    public static Html Raw(string html)
    {
        var raw = new Html(html.Length, 0);
        raw.AppendLiteral(html);
        return raw;
    }

    /// <summary>A link, or plain text when the address is not an absolute http or https URL.</summary>
    public static Html Link(string? address, string text) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? (Html)$"<a href=\"{uri.AbsoluteUri}\">{text}</a>"
            : $"{text}";

    public void AppendLiteral(string literal) => _text.Append(literal);

    public void AppendFormatted(Html html) => _text.Append(html._text);

    public void AppendFormatted<T>(T value, string? format = null)
    {
        if (value is IEnumerable<Html> parts)
        {
            foreach (var part in parts)
            {
                _text.Append(part._text);
            }

            return;
        }

        var text = value is IFormattable number ? number.ToString(format, CultureInfo.InvariantCulture) : value?.ToString();
        _text.Append(HtmlEncoder.Default.Encode(text ?? ""));
    }

    public override string ToString() => _text.ToString();
}

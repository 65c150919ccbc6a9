using System.Globalization;
using System.Text;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>The pieces of an expression while it is collected.</summary>
internal sealed class ExpressionParts(int literalLength, int references)
{
    private readonly StringBuilder _format = new(literalLength + (4 * references));
    private readonly List<IValueProvider> _providers = new(references);
    private readonly List<string> _expressions = new(references);
    private readonly List<string?> _formats = new(references);

    internal bool IsEmpty => _format.Length == 0;

    internal void Text(string? text, string? format = null)
    {
        if (text is not null)
        {
            _format.Append(ExpressionText.EscapeBraces(format is null ? text : ExpressionText.Encode(text, format)));
        }
    }

    internal void Reference(IValueProvider provider, string expression, string? format = null)
    {
        _format.Append(CultureInfo.InvariantCulture, $"{{{_providers.Count}}}");
        _providers.Add(provider);
        _expressions.Add(expression);
        _formats.Add(format);
    }

    internal ReferenceExpression Build() => new(_format.ToString(), [.. _providers], [.. _expressions], [.. _formats]);
}

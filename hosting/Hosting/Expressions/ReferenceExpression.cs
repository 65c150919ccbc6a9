using System.Globalization;
using System.Runtime.CompilerServices;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Text with references in it, such as $"{host}:{port}"; references stay references until an engine resolves them.</summary>
public partial class ReferenceExpression : IExpressionValue, IValueWithReferences
{
    /// <summary>An expression without text; its value is null.</summary>
    public static readonly ReferenceExpression Empty = new(string.Empty, [], [], []);

    private readonly string[] _manifestExpressions;
    private readonly string? _conditionName;

    internal ReferenceExpression(string format, IValueProvider[] providers, string[] manifestExpressions, string?[] stringFormats)
    {
        Format = format;
        ValueProviders = providers;
        _manifestExpressions = manifestExpressions;
        StringFormats = stringFormats;
    }

    private ReferenceExpression(
        IValueProvider condition,
        string matchValue,
        ReferenceExpression whenTrue,
        ReferenceExpression whenFalse)
        : this(string.Empty, [.. whenTrue.ValueProviders, .. whenFalse.ValueProviders], [], [])
    {
        Condition = condition;
        MatchValue = matchValue;
        WhenTrue = whenTrue;
        WhenFalse = whenFalse;
        _conditionName = ConditionName.Of(condition, matchValue, whenTrue, whenFalse);
    }

    /// <summary>The text as a composite format: {0} stands for the first reference.</summary>
    public string Format { get; }

    /// <summary>The references, in order. A conditional expression shows those of both branches.</summary>
    public IReadOnlyList<IValueProvider> ValueProviders { get; }

    /// <summary>The references as expressions in braces, in order.</summary>
    public IReadOnlyList<string> ManifestExpressions => _manifestExpressions;

    /// <summary>How each reference is encoded: "uri", or null for not at all.</summary>
    public IReadOnlyList<string?> StringFormats { get; }

    /// <summary>Whether the expression is one of two, by a condition.</summary>
    public bool IsConditional => Condition is not null;

    /// <summary>The value that decides, when conditional.</summary>
    public IValueProvider? Condition { get; }

    /// <summary>The value that <see cref="Condition"/> is compared with, without regard to case.</summary>
    public string? MatchValue { get; }

    /// <summary>The expression when they are equal.</summary>
    public ReferenceExpression? WhenTrue { get; }

    /// <summary>The expression when they are not.</summary>
    public ReferenceExpression? WhenFalse { get; }

    /// <summary>The text with expressions in braces.</summary>
    public string ValueExpression => IsConditional
        ? $"{{{_conditionName}.connectionString}}"
        : string.Format(CultureInfo.InvariantCulture, Format, _manifestExpressions);

    IEnumerable<object> IValueWithReferences.References => IsConditional
        ? [Condition!, .. ReferencesOf(Condition!), .. ReferencesOf(WhenTrue!), .. ReferencesOf(WhenFalse!)]
        : ValueProviders;

    /// <summary>An expression from an interpolated string.</summary>
    public static ReferenceExpression Create(in ExpressionInterpolatedStringHandler handler) => handler.GetExpression();

    /// <summary>One of two expressions, by a condition that is read when the value is asked for.</summary>
    public static ReferenceExpression CreateConditional(
        IValueProvider condition,
        string matchValue,
        ReferenceExpression whenTrue,
        ReferenceExpression whenFalse)
    {
        ArgumentNullException.ThrowIfNull(condition);
        ArgumentException.ThrowIfNullOrEmpty(matchValue);
        ArgumentNullException.ThrowIfNull(whenTrue);
        ArgumentNullException.ThrowIfNull(whenFalse);
        return new(condition, matchValue, whenTrue, whenFalse);
    }

    /// <summary>The text with every reference resolved; null when there is no text.</summary>
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken) =>
        GetValueAsync(new ValueProviderContext(), cancellationToken);

    /// <summary>The text as the caller in the context sees it.</summary>
    public async ValueTask<string?> GetValueAsync(ValueProviderContext context, CancellationToken cancellationToken)
    {
        if (IsConditional)
        {
            var value = await Condition!.GetValueAsync(context, cancellationToken).ConfigureAwait(false);
            var branch = string.Equals(value, MatchValue, StringComparison.OrdinalIgnoreCase) ? WhenTrue! : WhenFalse!;
            return await branch.GetValueAsync(context, cancellationToken).ConfigureAwait(false);
        }

        if (Format.Length == 0)
        {
            return null;
        }

        var values = new object?[ValueProviders.Count];
        for (var i = 0; i < values.Length; i++)
        {
            var value = await ValueProviders[i].GetValueAsync(context, cancellationToken).ConfigureAwait(false);
            values[i] = value is not null && StringFormats[i] is { } format ? ExpressionText.Encode(value, format) : value;
        }

        return string.Format(CultureInfo.InvariantCulture, Format, values);
    }

    private static IEnumerable<object> ReferencesOf(object value) => value is IValueWithReferences made ? made.References : [];
}

using System.Runtime.CompilerServices;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Builds an expression piece by piece.</summary>
public class ReferenceExpressionBuilder
{
    private readonly ExpressionParts _parts = new(0, 0);

    /// <summary>Whether nothing was appended yet.</summary>
    public bool IsEmpty => _parts.IsEmpty;

    /// <summary>Appends an interpolated string.</summary>
    public void Append([InterpolatedStringHandlerArgument("")] in ReferenceExpressionBuilderInterpolatedStringHandler handler)
    {
        // The handler has appended its pieces already.
        _ = handler;
    }

    /// <summary>Appends text.</summary>
    public void AppendLiteral(string value) => _parts.Text(value);

    /// <summary>Appends a plain value.</summary>
    public void AppendFormatted(string? value) => _parts.Text(value);

    /// <summary>Appends a plain value, encoded.</summary>
    public void AppendFormatted(string? value, string? format = null) => _parts.Text(value, format);

    /// <summary>Appends a reference.</summary>
    public void AppendFormatted<T>(T valueProvider)
        where T : IValueProvider, IManifestExpressionProvider => _parts.Reference(valueProvider, valueProvider.ValueExpression);

    /// <summary>Appends a reference, encoded when it is resolved.</summary>
    public void AppendFormatted<T>(T valueProvider, string? format)
        where T : IValueProvider, IManifestExpressionProvider => _parts.Reference(valueProvider, valueProvider.ValueExpression, format);

    /// <summary>Appends a reference whose type is known at run time only.</summary>
    /// <exception cref="ArgumentException">The value cannot be both resolved and published.</exception>
    public void AppendValueProvider(object valueProvider, string? format = null)
    {
        var value = valueProvider is IResourceBuilder<IResource> builder ? builder.Resource : valueProvider;
        if (value is not IValueProvider provider || value is not IManifestExpressionProvider expression)
        {
            throw new ArgumentException($"A value of type '{valueProvider?.GetType().Name}' cannot be referred to: it has to be an IValueProvider and an IManifestExpressionProvider.", nameof(valueProvider));
        }

        _parts.Reference(provider, expression.ValueExpression, format);
    }

    /// <summary>The expression.</summary>
    public ReferenceExpression Build() => _parts.Build();

    /// <summary>Appends an interpolated string to a builder.</summary>
    /// <param name="literalLength">Characters outside of the holes.</param>
    /// <param name="formattedCount">Number of holes.</param>
    /// <param name="builder">The builder.</param>
    [InterpolatedStringHandler]
#pragma warning disable CS9113 // The compiler's pattern for handlers asks for both numbers.
    public ref struct ReferenceExpressionBuilderInterpolatedStringHandler(
        int literalLength,
        int formattedCount,
        ReferenceExpressionBuilder builder)
#pragma warning restore CS9113
    {
        /// <summary>Text between the holes.</summary>
        public readonly void AppendLiteral(string value) => builder.AppendLiteral(value);

        /// <summary>A plain value.</summary>
        public readonly void AppendFormatted(string? value) => builder.AppendFormatted(value);

        /// <summary>A plain value, encoded.</summary>
        public readonly void AppendFormatted(string? value, string format) => builder.AppendFormatted(value, format);

        /// <summary>A reference.</summary>
        public readonly void AppendFormatted<T>(T valueProvider)
            where T : IValueProvider, IManifestExpressionProvider => builder.AppendFormatted(valueProvider);

        /// <summary>A reference, encoded when it is resolved.</summary>
        public readonly void AppendFormatted<T>(T valueProvider, string? format)
            where T : IValueProvider, IManifestExpressionProvider => builder.AppendFormatted(valueProvider, format);

        /// <summary>A reference to a resource.</summary>
        public readonly void AppendFormatted<T>(IResourceBuilder<T> valueProvider)
            where T : IResource, IValueProvider, IManifestExpressionProvider => builder.AppendFormatted(valueProvider.Resource);

        /// <summary>A reference to a resource, encoded when it is resolved.</summary>
        public readonly void AppendFormatted<T>(IResourceBuilder<T> valueProvider, string? format)
            where T : IResource, IValueProvider, IManifestExpressionProvider => builder.AppendFormatted(valueProvider.Resource, format);
    }
}

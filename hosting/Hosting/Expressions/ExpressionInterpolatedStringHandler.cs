using System.Runtime.CompilerServices;

namespace Aspire.Hosting.ApplicationModel;

public partial class ReferenceExpression
{
    /// <summary>Collects an interpolated string as an expression.</summary>
    /// <param name="literalLength">Characters outside of the holes.</param>
    /// <param name="formattedCount">Number of holes.</param>
    [InterpolatedStringHandler]
    public ref struct ExpressionInterpolatedStringHandler(int literalLength, int formattedCount)
    {
        private readonly ExpressionParts _parts = new(literalLength, formattedCount);

        /// <summary>Text between the holes.</summary>
        public readonly void AppendLiteral(string value) => _parts.Text(value);

        /// <summary>A plain value.</summary>
        public readonly void AppendFormatted(string? value) => _parts.Text(value);

        /// <summary>A plain value, encoded.</summary>
        public readonly void AppendFormatted(string? value, string? format = null) => _parts.Text(value, format);

        /// <summary>A reference.</summary>
        public readonly void AppendFormatted<T>(T valueProvider)
            where T : IValueProvider, IManifestExpressionProvider => _parts.Reference(valueProvider, valueProvider.ValueExpression);

        /// <summary>A reference, encoded when it is resolved.</summary>
        public readonly void AppendFormatted<T>(T valueProvider, string? format = null)
            where T : IValueProvider, IManifestExpressionProvider => _parts.Reference(valueProvider, valueProvider.ValueExpression, format);

        /// <summary>A reference to a resource.</summary>
        public readonly void AppendFormatted<T>(IResourceBuilder<T> valueProvider)
            where T : IResource, IValueProvider, IManifestExpressionProvider => AppendFormatted(valueProvider.Resource);

        /// <summary>A reference to a resource, encoded when it is resolved.</summary>
        public readonly void AppendFormatted<T>(IResourceBuilder<T> valueProvider, string? format = null)
            where T : IResource, IValueProvider, IManifestExpressionProvider => AppendFormatted(valueProvider.Resource, format);

        internal readonly ReferenceExpression GetExpression() => _parts.Build();
    }
}

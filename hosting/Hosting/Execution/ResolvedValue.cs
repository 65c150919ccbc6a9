using System.Globalization;
using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>Text from a value of an argument, a variable or a build argument.</summary>
public static class ResolvedValue
{
    /// <summary>The text; null when the value has none.</summary>
    public static async ValueTask<string?> OfAsync(
        object? value,
        ValueProviderContext context,
        CancellationToken cancellationToken = default) => value switch
        {
            null => null,
            string text => text,
            IValueProvider provider => await provider.GetValueAsync(context, cancellationToken).ConfigureAwait(false),
            IResourceBuilder<IResource> builder => await OfAsync(builder.Resource, context, cancellationToken).ConfigureAwait(false),
            IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString(),
        };

    /// <summary>Whether a secret is in the value.</summary>
    public static bool IsSensitive(object? value) => value is not null && ReferencesOf(value).Any(r => r is ParameterResource { Secret: true });

    /// <summary>The value itself and everything that it refers to, directly or not; each once.</summary>
    public static IEnumerable<object> ReferencesOf(object value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        var open = new Stack<object>([value]);
        while (open.TryPop(out var current))
        {
            current = (current as IResourceBuilder<IResource>)?.Resource ?? current;
            if (!seen.Add(current))
            {
                continue;
            }

            if (current is IResource or IValueProvider)
            {
                yield return current;
            }

            if (current is IValueWithReferences made)
            {
                foreach (var reference in made.References)
                {
                    open.Push(reference);
                }
            }
        }
    }
}

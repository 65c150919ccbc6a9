using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Names of volumes.</summary>
public static class VolumeNameGenerator
{
    /// <summary>A name that is the same in every run of this AppHost and no other: application-hash-resource-suffix.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="suffix">Letters, digits, dots, hyphens and underscores.</param>
    public static string Generate<T>(IResourceBuilder<T> builder, string suffix)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (suffix.Any(c => !IsAllowed(c)))
        {
            throw new ArgumentException($"The suffix '{suffix}' contains invalid characters. Only [a-zA-Z0-9_.-] are allowed.", nameof(suffix));
        }

        var application = string.Concat(builder.ApplicationBuilder.Environment.ApplicationName.Select(c => IsAllowed(c) ? c : '_'));
        var hash = builder.ApplicationBuilder.Configuration["AppHost:Sha256"] ?? "";
        return $"{application.ToLowerInvariant()}-{hash[..Math.Min(10, hash.Length)].ToLowerInvariant()}-{builder.Resource.Name}-{suffix}";
    }

    private static bool IsAllowed(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-';
}

using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>A service outside of the application.</summary>
public sealed class ExternalServiceResource : Resource
{
    /// <summary>A service at a known address.</summary>
    public ExternalServiceResource(string name, Uri uri)
        : base(name)
    {
        ArgumentNullException.ThrowIfNull(uri);
        if (FindFault(uri) is { } fault)
        {
            throw new ArgumentException($"The external service URL '{uri}' is invalid: {fault}", nameof(uri));
        }

        Uri = uri;
    }

    /// <summary>A service whose address is a parameter.</summary>
    public ExternalServiceResource(string name, ParameterResource urlParameter)
        : base(name)
    {
        UrlParameter = urlParameter ?? throw new ArgumentNullException(nameof(urlParameter));
    }

    /// <summary>The address, when it is known.</summary>
    public Uri? Uri { get; }

    /// <summary>The parameter that gives the address, when it does.</summary>
    public ParameterResource? UrlParameter { get; }

    internal static string? FindFault(Uri uri) => uri switch
    {
        { IsAbsoluteUri: false } => "The URL for the external service must be absolute.",
        { AbsolutePath: not "/" } => "The URL absolute path must be \"/\".",
        _ => null,
    };
}

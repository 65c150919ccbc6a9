namespace Aspire.Hosting.ApplicationModel;

/// <summary>A URL of the host; a container sees it under the host's name instead of localhost.</summary>
/// <param name="Url">The URL as the host sees it.</param>
public record HostUrl(string Url) : IExpressionValue
{
    string IManifestExpressionProvider.ValueExpression => Url;

    ValueTask<string?> IValueProvider.GetValueAsync(CancellationToken cancellationToken) =>
        ((IValueProvider)this).GetValueAsync(new ValueProviderContext(), cancellationToken);

    ValueTask<string?> IValueProvider.GetValueAsync(ValueProviderContext context, CancellationToken cancellationToken)
    {
        if (context.ResolveNetwork() == KnownNetworkIdentifiers.LocalhostNetwork
            || !Uri.TryCreate(Url, UriKind.Absolute, out var uri) || !uri.IsLoopback)
        {
            return new(Url);
        }

        return new(Url.Replace($"//{uri.Host}", $"//{KnownHostNames.DockerDesktopHostBridge}", StringComparison.OrdinalIgnoreCase));
    }
}

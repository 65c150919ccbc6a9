using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>The address of a service outside of the application, checked when a parameter gives it.</summary>
internal sealed class ExternalServiceUrl(
    ExternalServiceResource service,
    IResource caller) : IExpressionValue, IValueWithReferences
{
    public string ValueExpression => service.Uri?.ToString() ?? service.UrlParameter!.ValueExpression;

    public IEnumerable<object> References => service.UrlParameter is { } parameter ? [parameter] : [];

    public async ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default)
    {
        if (service.Uri is { } uri)
        {
            return uri.ToString();
        }

        var parameter = service.UrlParameter!;
        var value = await parameter.GetValueAsync(cancellationToken).ConfigureAwait(false);
        var fault = Uri.TryCreate(value, UriKind.Absolute, out var parsed)
            ? ExternalServiceResource.FindFault(parsed)
            : "The URL for the external service must be an absolute URI.";
        return fault is null
            ? value
            : throw new DistributedApplicationException($"The URL parameter '{parameter.Name}' for source resource '{service.Name}' is invalid while configuring target resource '{caller.Name}': {fault}");
    }
}

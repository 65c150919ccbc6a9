using System.Text.Json;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Publishing;
using MonoRepo.Hosting.Kubernetes.Graph;

namespace MonoRepo.Hosting.Kubernetes.AspireManifest;

/// <summary>
/// <c>aspire-manifest.json</c>, the exchange format of Aspire: <c>{"resources": {"name": {"type": "project.v0", …}}}</c> with values as
/// expressions such as <c>{api.bindings.http.url}</c>, by the public schema aspire-8.0.json.
/// </summary>
public sealed class ManifestWriter(DistributedApplicationModel model, DistributedApplicationExecutionContext context)
{
    private const string DefaultName = "aspire-manifest.json";

    /// <summary>Writes the manifest; a path that does not end in <c>.json</c> is a folder.</summary>
    /// <returns>Full path of the file.</returns>
    public async Task<string> WriteAsync(string outputPath, CancellationToken cancellationToken)
    {
        var path = Path.GetFullPath(outputPath.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? outputPath : Path.Combine(outputPath, DefaultName));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var temporary = $"{path}.{Environment.ProcessId}.tmp";
        await using (var stream = File.Create(temporary))
        await using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            await WriteAsync(new ManifestPublishingContext(context, path, writer, cancellationToken)).ConfigureAwait(false);
        }

        File.Move(temporary, path, overwrite: true);
        return path;
    }

    private async Task WriteAsync(ManifestPublishingContext manifest)
    {
        var json = manifest.Writer;
        json.WriteStartObject();
        json.WriteStartObject("resources");
        var ports = new ManifestPorts();
        var members = new MemberExpressions(model);
        var references = new ManifestReferences();
        foreach (var resource in model.Resources.Where(r => r is not DeploymentEnvironmentResource && !PublishedModel.BringsObjectsOnly(r)))
        {
            manifest.CancellationToken.ThrowIfCancellationRequested();
            var callback = resource.Annotations.OfType<ManifestPublishingCallbackAnnotation>().LastOrDefault();
            if (callback is { Callback: null })
            {
                continue;
            }

            json.WriteStartObject(resource.Name);
            if (callback?.Callback is { } write)
            {
                await write(manifest).ConfigureAwait(false);
            }
            else
            {
                await new ManifestResource(manifest, resource, ports, members, references).WriteAsync().ConfigureAwait(false);
            }

            json.WriteEndObject();
        }

        foreach (var parameter in references.Parameters.Where(p => !model.Resources.Contains(p)).DistinctBy(p => p.Name))
        {
            json.WriteStartObject(parameter.Name);
            await new ManifestResource(manifest, parameter, ports, members, references).WriteAsync().ConfigureAwait(false);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
        await json.FlushAsync(manifest.CancellationToken).ConfigureAwait(false);
    }
}

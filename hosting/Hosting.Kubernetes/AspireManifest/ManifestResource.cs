using System.Net.Sockets;
using System.Text.Json;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Publishing;
using MonoRepo.Hosting.Kubernetes.Graph;

namespace MonoRepo.Hosting.Kubernetes.AspireManifest;

/// <summary>The body of one resource in the manifest.</summary>
internal sealed class ManifestResource(ManifestPublishingContext manifest, IResource resource, ManifestPorts ports, MemberExpressions members, ManifestReferences references)
{
    private readonly EffectiveAnnotations _annotations = new(resource, null);

    private Utf8JsonWriter Json => manifest.Writer;

    public async Task WriteAsync()
    {
        switch (resource)
        {
            case ProjectResource project:
                Json.WriteString("type", "project.v0");
                Json.WriteString("path", manifest.GetManifestRelativePath(project.GetProjectMetadata().ProjectPath));
                await RunnableAsync().ConfigureAwait(false);
                break;
            case ExecutableResource executable:
                Json.WriteString("type", "executable.v0");
                Json.WriteString("workingDirectory", manifest.GetManifestRelativePath(executable.WorkingDirectory));
                Json.WriteString("command", executable.Command);
                await RunnableAsync().ConfigureAwait(false);
                break;
            case ParameterResource parameter:
                Parameter(parameter);
                break;
            case var _ when _annotations.Has<ContainerImageAnnotation>() || _annotations.Has<DockerfileBuildAnnotation>():
                Container();
                await RunnableAsync().ConfigureAwait(false);
                break;
            case IResourceWithConnectionString connection:
                Json.WriteString("type", "value.v0");
                Json.WriteString("connectionString", Expression(connection.ConnectionStringExpression));
                break;
            default:
                Json.WriteString("error", "This resource does not support generation in the manifest.");
                break;
        }
    }

    private void Container()
    {
        var build = _annotations.Last<DockerfileBuildAnnotation>();
        Json.WriteString("type", build is null ? "container.v0" : "container.v1");
        var expression = _annotations.Last<ConnectionInClusterAnnotation>()?.ConnectionString
            ?? (resource as IResourceWithConnectionString)?.ConnectionStringExpression;
        if (expression is not null)
        {
            Json.WriteString("connectionString", Expression(expression));
        }

        if (build is not null)
        {
            Json.WriteStartObject("build");
            Json.WriteString("context", manifest.GetManifestRelativePath(build.ContextPath));
            Json.WriteString("dockerfile", manifest.GetManifestRelativePath(build.DockerfilePath));
            if (build.Stage is { } stage)
            {
                Json.WriteString("stage", stage);
            }

            if (build.BuildArguments.Count > 0)
            {
                Values("args", build.BuildArguments.Select(a => (a.Key, a.Value)));
            }

            Json.WriteEndObject();
        }
        else
        {
            var image = _annotations.Last<ContainerImageAnnotation>()!;
            var name = image.Registry is null ? image.Image : $"{image.Registry}/{image.Image}";
            Json.WriteString("image", image.SHA256 is null ? $"{name}:{image.Tag}" : $"{name}@sha256:{image.SHA256}");
        }

        if (resource is ContainerResource { Entrypoint: { } entrypoint })
        {
            Json.WriteString("entrypoint", entrypoint);
        }
    }

    private void Parameter(ParameterResource parameter)
    {
        Json.WriteString("type", "parameter.v0");
        if (parameter.IsConnectionString)
        {
            Json.WriteString("connectionString", $"{{{parameter.Name}.value}}");
        }

        Json.WriteString("value", $"{{{parameter.Name}.inputs.value}}");
        Json.WriteStartObject("inputs");
        Json.WriteStartObject("value");
        Json.WriteString("type", "string");
        if (parameter.Secret)
        {
            Json.WriteBoolean("secret", true);
        }

        if (parameter.Default is { } value)
        {
            Json.WriteStartObject("default");
            value.WriteToManifest(manifest);
            Json.WriteEndObject();
        }

        Json.WriteEndObject();
        Json.WriteEndObject();
    }

    private async Task RunnableAsync()
    {
        var args = new List<object>();
        foreach (var callback in _annotations.All<CommandLineArgsCallbackAnnotation>())
        {
            await callback.Callback(new(args, resource, manifest.CancellationToken) { ExecutionContext = manifest.ExecutionContext }).ConfigureAwait(false);
        }

        if (args.Count > 0)
        {
            Json.WriteStartArray("args");
            args.ForEach(a => Json.WriteStringValue(Expression(a)));
            Json.WriteEndArray();
        }

        Mounts();
        var variables = new Dictionary<string, object>();
        foreach (var callback in _annotations.All<EnvironmentCallbackAnnotation>())
        {
            await callback.Callback(new(manifest.ExecutionContext, resource, variables, manifest.CancellationToken)).ConfigureAwait(false);
        }

        if (variables.Count > 0)
        {
            Values("env", variables.Select(v => (v.Key, (object?)v.Value)));
        }

        Bindings();
    }

    private void Mounts()
    {
        var mounts = _annotations.All<ContainerMountAnnotation>().ToLookup(m => m.Type);
        foreach (var (type, field, source) in new[] { (ContainerMountType.BindMount, "bindMounts", "source"), (ContainerMountType.Volume, "volumes", "name") })
        {
            if (!mounts[type].Any())
            {
                continue;
            }

            Json.WriteStartArray(field);
            foreach (var mount in mounts[type])
            {
                Json.WriteStartObject();
                if (mount.Source is { } from)
                {
                    Json.WriteString(source, type == ContainerMountType.BindMount ? manifest.GetManifestRelativePath(from) : from);
                }

                Json.WriteString("target", mount.Target);
                Json.WriteBoolean("readOnly", mount.IsReadOnly);
                Json.WriteEndObject();
            }

            Json.WriteEndArray();
        }
    }

    private void Bindings()
    {
        var published = _annotations.Named<PublishedPortAnnotation>(p => p.Name)
            .Select(p => new EndpointAnnotation(ProtocolType.Tcp, p.Scheme, p.IsHttp2 ? "http2" : null, p.Name, targetPort: p.Port, isExternal: p.IsExternal)).ToList();
        var endpoints = published.Count > 0 ? published : [.. _annotations.All<EndpointAnnotation>()];
        if (endpoints.Count == 0)
        {
            return;
        }

        Json.WriteStartObject("bindings");
        foreach (var endpoint in endpoints)
        {
            var (port, target) = ports.Of(resource, endpoint, endpoints.First(e => e.UriScheme == endpoint.UriScheme) == endpoint);
            Json.WriteStartObject(endpoint.Name);
            Json.WriteString("scheme", endpoint.UriScheme);
            Json.WriteString("protocol", endpoint.Protocol.ToString().ToLowerInvariant());
            Json.WriteString("transport", endpoint.Transport);
            Number("port", port);
            Number("targetPort", target);
            if (endpoint.IsExternal)
            {
                Json.WriteBoolean("external", true);
            }

            Json.WriteEndObject();
        }

        Json.WriteEndObject();
    }

    private void Number(string name, int? value)
    {
        if (value is { } number)
        {
            Json.WriteNumber(name, number);
        }
    }

    private void Values(string field, IEnumerable<(string Key, object? Value)> values)
    {
        Json.WriteStartObject(field);
        foreach (var (key, value) in values)
        {
            Json.WriteString(key, Expression(value));
        }

        Json.WriteEndObject();
    }

    private string Expression(object? value)
    {
        references.Add(value);
        return members.Replace(Raw(value));
    }

    private static string Raw(object? value) => value switch
    {
        null => "",
        string text => text,
        IManifestExpressionProvider expression => expression.ValueExpression,
        IResourceBuilder<IResource> builder => Raw(builder.Resource),
        IFormattable number => number.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}

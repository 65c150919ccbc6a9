using System.Globalization;
using System.Text;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using MonoRepo.Deploy.Model;

namespace MonoRepo.Hosting.Kubernetes.Graph;

/// <summary>
/// Resolves what one workload's variables and arguments refer to, as seen from inside the cluster: short Service names, container
/// ports. What it refers to becomes its edges.
/// </summary>
internal sealed class ValueResolver(EnvironmentGraph graph, IResource consumer, ValidationErrors errors)
{
    private const int DeepestReference = 32;

    private readonly HashSet<WorkloadEdge> _edges = [];
    private int _depth;

    public IReadOnlySet<WorkloadEdge> Edges => _edges;

    /// <summary>The value, or null where it refers to something that this environment does not have.</summary>
    public ResolvedValue? Resolve(object? value, string field)
    {
        if (++_depth > DeepestReference)
        {
            errors.Add(consumer.Name, field, "refers to itself", "break the circle of references");
            return null;
        }

        var resolved = value switch
        {
            null => new ResolvedValue(),
            string text => Text(text),
            EndpointReference endpoint => Endpoint(endpoint, EndpointProperty.Url, field),
            EndpointReferenceExpression expression => Endpoint(expression.Endpoint, expression.Property, field),
            PublishedAddress address => Address(address, field),
            ParameterResource parameter => Parameter(parameter, field),
            ReferenceExpression expression => Expression(expression, field),
            ConnectionStringReference reference => ConnectionString(reference.Resource, field),
            IResourceWithConnectionString resource => ConnectionString(resource, field),
            IResourceBuilder<IResource> builder => Resolve(builder.Resource, field),
            IFormattable number => Text(number.ToString(null, CultureInfo.InvariantCulture)),
            bool flag => Text(flag ? "true" : "false"),
            _ => Unknown(value, field),
        };
        _depth--;
        return resolved;
    }

    private static ResolvedValue Text(string text)
    {
        var value = new ResolvedValue();
        value.Add(text);
        return value;
    }

    private ResolvedValue? Endpoint(EndpointReference reference, EndpointProperty property, string field)
    {
        if (Target(reference.Resource, field) is not { } target)
        {
            return null;
        }

        if (Port(target, reference) is not { } port)
        {
            var known = target.Ports.Count == 0
                ? "it has none"
                : $"it has {string.Join(", ", target.Ports.Select(p => $"'{p.Endpoint}'"))}";
            errors.Add(consumer.Name, field,
                $"refers to the endpoint '{reference.EndpointName}' of '{target.Resource.Name}', which is not published; {known}",
                "refer to one of these or declare the endpoint");
            return null;
        }

        var isOwn = ReferenceEquals(target.Resource, consumer);
        if (!isOwn)
        {
            _edges.Add(new(target.Name, port.Number));
        }

        var host = target.Host(port);
        return Text(property switch
        {
            EndpointProperty.Url => $"{port.Scheme}://{host}:{port.Number}",
            EndpointProperty.Host or EndpointProperty.IPV4Host => host,
            EndpointProperty.Port or EndpointProperty.TargetPort => port.Number.ToString(CultureInfo.InvariantCulture),
            EndpointProperty.HostAndPort => $"{host}:{port.Number}",
            EndpointProperty.Scheme => port.Scheme,
            _ => "False",
        });
    }

    /// <summary>
    /// A member's endpoint stands for the one port of the resource that it is a member of, whatever it is called locally.
    /// </summary>
    private static WorkloadPort? Port(WorkloadEntry target, EndpointReference reference) =>
        target.Port(reference.EndpointName)
        ?? (!ReferenceEquals(target.Resource, reference.Resource) && target.Ports.Count == 1 ? target.Ports[0] : null);

    private ResolvedValue? Address(PublishedAddress address, string field)
    {
        if (Target(address.Resource, field) is not { } target)
        {
            return null;
        }

        if (target.Port(address.Port) is not { } port)
        {
            errors.Add(consumer.Name, field,
                $"refers to the port '{address.Port}' of '{target.Resource.Name}', which is not published",
                "declare it with PublishedPortAnnotation");
            return null;
        }

        if (!ReferenceEquals(target.Resource, consumer))
        {
            _edges.Add(new(target.Name, port.Number));
        }

        return Text($"{target.Host(port)}:{port.Number}");
    }

    private WorkloadEntry? Target(IResource resource, string field)
    {
        if (graph.Find(resource) is { } target)
        {
            return target;
        }

        if (PublishedModel.IsIn(resource, graph.Environment.Name) && !IsForOneEnvironment(resource))
        {
            errors.Add(consumer.Name, field, $"refers to '{resource.Name}', which is not published",
                "publish that too, or set the value per environment with In(…)");
        }

        return null;
    }

    private static bool IsForOneEnvironment(IResource resource) => resource.Annotations.OfType<OnlyInAnnotation>().Any();

    private ResolvedValue? Parameter(ParameterResource parameter, string field)
    {
        var value = new ResolvedValue();
        if (parameter.Secret)
        {
            value.Add(parameter);
            return value;
        }

        var text = new EffectiveAnnotations(parameter, graph.Environment.Name).Last<ParameterValueAnnotation>()?.Value
            ?? (parameter.Default is GenerateParameterDefault ? null : parameter.Default?.GetDefaultValue());
        if (text is null && graph.Environment.Name is { } environment)
        {
            errors.Add(parameter.Name, "value", $"has no value in '{environment}', but '{consumer.Name}' uses it ({field})",
                "give one with WithPublishedValue(…), in In(…) where it differs, or make it a secret");
        }

        value.Add(text ?? "");
        return value;
    }

    private ResolvedValue? ConnectionString(IResourceWithConnectionString resource, string field)
    {
        if (resource is ParameterResource parameter)
        {
            return Parameter(parameter, field);
        }

        if (PublishedModel.IsIn(resource, graph.Environment.Name) is false)
        {
            return null;
        }

        var inCluster = graph.Find(resource)?.Annotations.Last<ConnectionInClusterAnnotation>()?.ConnectionString;
        return Expression(inCluster ?? resource.ConnectionStringExpression, field);
    }

    private ResolvedValue? Expression(ReferenceExpression expression, string field)
    {
        if (expression.IsConditional)
        {
            return Resolve(expression.Condition, field) is { HasSecrets: false } condition
                ? Expression(string.Equals(condition.Text, expression.MatchValue, StringComparison.OrdinalIgnoreCase)
                ? expression.WhenTrue!
                : expression.WhenFalse!, field)
                : null;
        }

        var value = new ResolvedValue();
        foreach (var (text, index) in CompositeFormat(expression.Format))
        {
            value.Add(text);
            if (index < 0)
            {
                continue;
            }

            if (Resolve(expression.ValueProviders[index], field) is not { } part)
            {
                return null;
            }

            if (expression.StringFormats[index] is not null)
            {
                if (part.Encoded() is not { } encoded)
                {
                    errors.Add(consumer.Name, field, "has a secret in percent-encoded form, encoded once more", "encode it once");
                    return null;
                }

                part = encoded;
            }

            value.Add(part);
        }

        return value;
    }

    /// <summary><c>{0}:{1},password={2}</c>, with braces of the text doubled.</summary>
    private static IEnumerable<(string Text, int Index)> CompositeFormat(string format)
    {
        var text = new StringBuilder();
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] is '{' or '}' && i + 1 < format.Length && format[i + 1] == format[i])
            {
                text.Append(format[i++]);
            }
            else if (format[i] == '{')
            {
                var end = format.IndexOf('}', i);
                yield return (text.ToString(), int.Parse(
                    format.AsSpan(i + 1, end - i - 1), NumberStyles.None, CultureInfo.InvariantCulture));
                text.Clear();
                i = end;
            }
            else
            {
                text.Append(format[i]);
            }
        }

        yield return (text.ToString(), -1);
    }

    private ResolvedValue? Unknown(object value, string field)
    {
        if (value is IValueWithReferences or IManifestExpressionProvider)
        {
            errors.Add(consumer.Name, field, $"a value of type {value.GetType().Name} has no meaning in a cluster",
                "set it per environment with In(…)");
            return null;
        }

        return Text(value.ToString() ?? "");
    }
}

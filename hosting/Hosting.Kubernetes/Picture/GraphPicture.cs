using System.Text.Json;
using System.Text.Json.Serialization;
using Aspire.Hosting;
using MonoRepo.Deploy.Model;
using MonoRepo.Hosting.Kubernetes.Graph;

namespace MonoRepo.Hosting.Kubernetes.Picture;

/// <summary>The graph as something to look at: resources, who calls whom on which port, and where each exists.</summary>
internal sealed class GraphPicture
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private readonly IReadOnlyList<PictureNode> _nodes;
    private readonly IReadOnlyList<PictureEdge> _edges;
    private readonly IReadOnlyList<PictureEnvironment> _environments;

    private GraphPicture(
        IReadOnlyList<PictureNode> nodes, IReadOnlyList<PictureEdge> edges, IReadOnlyList<PictureEnvironment> environments)
    {
        _nodes = nodes;
        _edges = edges;
        _environments = environments;
    }

    /// <summary>Formats of <see cref="Draw"/>.</summary>
    public static IReadOnlyList<string> Formats { get; } = ["mermaid", "dot", "json"];

    /// <summary>Reads a graph.</summary>
    /// <exception cref="PublishException">The graph has errors.</exception>
    public static GraphPicture Of(PublishedModel model)
    {
        var errors = new ValidationErrors();
        GraphValidation.Check(model, errors);
        var environments = model.Environments.Select(EnvironmentFacts.Of).ToList();
        var graphs = environments.DefaultIfEmpty(EnvironmentFacts.Common).Select(e => EnvironmentGraph.Read(model, e, errors))
            .ToList();
        errors.ThrowIfAny();
        var nodes = graphs.SelectMany(g => g.Workloads.Select(w => (Workload: w, g.Environment.Name)))
            .GroupBy(w => w.Workload.Name)
            .Select(g => new PictureNode(
                g.Key,
                g.First().Workload.Kind.ToString(),
                [.. g.First().Workload.Ports.Select(p => new PicturePort(p.Endpoint, p.Number, p.IsExternal))],
                [.. g.Select(w => w.Name).OfType<string>()]))
            .OrderBy(n => n.Name, StringComparer.Ordinal);
        var edges = graphs.SelectMany(
            g => g.Workloads.SelectMany(w => w.Edges.Select(e => new PictureEdge(w.Name, e.Target, e.Port)))).Distinct()
            .OrderBy(e => e.From, StringComparer.Ordinal).ThenBy(e => e.To, StringComparer.Ordinal).ThenBy(e => e.Port);
        return new(
            [.. nodes], [.. edges],
            [.. environments.Select(e => new PictureEnvironment(e.Name!, e.Target!.Context, e.Target.Namespace))]);
    }

    /// <summary>
    /// The picture with what happens on its edges. Calls that no edge is for, such as those of people's tools, become edges
    /// without a port.
    /// </summary>
    public GraphPicture With(IReadOnlyDictionary<(string From, string To), LiveCalls> calls) => new(
        [
            .. _nodes,
            .. calls.Keys.SelectMany(call => new[] { call.From, call.To }).Distinct().Except(_nodes.Select(n => n.Name))
                .Order(StringComparer.Ordinal)
                .Select(name => new PictureNode(name, "Outside", [], [.. _environments.Select(e => e.Name)])),
        ],
        [
            .. _edges.Select(e => e with { Calls = calls.GetValueOrDefault((e.From, e.To)) }),
            .. calls.Where(call => !_edges.Any(e => (e.From, e.To) == call.Key)).OrderBy(call => call.Key)
                .Select(call => new PictureEdge(call.Key.From, call.Key.To, null, call.Value)),
        ],
        _environments);

    /// <summary>The picture in one of <see cref="Formats"/>.</summary>
    public string Draw(string format) => format switch
    {
        "mermaid" => Mermaid(),
        "dot" => Dot(),
        "json" => JsonSerializer.Serialize(
            new { environments = _environments, resources = _nodes, edges = _edges }, s_json) + "\n",
        _ => throw new DistributedApplicationException(
            $"The format '{format}' is unknown. Use one of {string.Join(", ", Formats)}."),
    };

    private string Mermaid() => string.Concat(
    [
        "flowchart LR\n",
        .. _nodes.Select(n => $"  {n.Name}[\"{Text(n, "<br/>")}\"]\n"),
        .. _edges.Select(e => $"  {e.From} -->|{(e.Calls is null ? $"{e.Port}" : $"\"{Text(e, "<br/>")}\"")}| {e.To}\n"),
    ]);

    private string Dot() => string.Concat(
    [
        "digraph graph_of_resources {\n  rankdir=LR;\n  node [shape=box];\n",
        .. _nodes.Select(n => $"  \"{n.Name}\" [label=\"{Text(n, "\\n")}\"];\n"),
        .. _edges.Select(e => $"  \"{e.From}\" -> \"{e.To}\" [label=\"{Text(e, "\\n")}\"];\n"),
        "}\n",
    ]);

    private static string Text(PictureEdge edge, string lineBreak) =>
        string.Join(lineBreak, new[] { $"{edge.Port}", $"{edge.Calls}" }.Where(line => line.Length > 0));

    private string Text(PictureNode node, string lineBreak)
    {
        var ports = string.Join(", ", node.Ports.Select(p => $"{p.Name} {p.Number}{(p.External ? " external" : "")}"));
        var environments =
            node.Environments.Count < _environments.Count ? $"{lineBreak}only in {string.Join(", ", node.Environments)}" : "";
        return $"{node.Name}{lineBreak}{node.Kind}{(ports.Length == 0 ? "" : lineBreak + ports)}{environments}";
    }
}

/// <summary>A resource in a picture.</summary>
internal sealed record PictureNode(
    string Name, string Kind, IReadOnlyList<PicturePort> Ports, IReadOnlyList<string> Environments);

/// <summary>A port of a resource in a picture.</summary>
internal sealed record PicturePort(string Name, int Number, bool External);

/// <param name="Port">The port; null: the graph has no such edge.</param>
/// <param name="Calls">What happens on it; null: nothing, or nobody has asked.</param>
internal sealed record PictureEdge(string From, string To, int? Port, LiveCalls? Calls = null);

internal sealed record PictureEnvironment(string Name, string Context, string Namespace);

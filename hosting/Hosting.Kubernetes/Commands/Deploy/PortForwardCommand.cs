using System.CommandLine;
using Aspire.Hosting;
using MonoRepo.Deploy.Cluster;
using MonoRepo.Deploy.Operations;
using MonoRepo.Deploy.Rendering;
using MonoRepo.Deploy.Yaml;

namespace MonoRepo.Hosting.Kubernetes.Commands;

/// <summary>Makes Services reachable at loopback addresses of this machine, until Ctrl+C.</summary>
internal sealed class PortForwardCommand : EnvironmentCommand
{
    private readonly Argument<string[]> _names = NamesArgument.Create(
        "name",
        "Resources or services, as todo-server:5000 at that local port; all resources with a port when none is named.");

    public PortForwardCommand()
        : base(
            "port-forward",
            "Forward loopback addresses of this machine to services of an environment, also after pods are replaced.")
    {
        _names.Validators.Add(result =>
        {
            foreach (var text in result.Tokens.Select(t => t.Value).Where(t => ParseName(t) is null))
            {
                result.AddError(
                    $"'{text}' isn't a resource with a local port. Use a value such as todo-server or todo-server:5000.");
            }
        });
        Add(_names);
    }

    protected override async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var environment = ReadEnvironment(context);
        var objects = environment.Render().Objects;
        using var cluster = environment.Connect();
        var console = TextWriter.Synchronized(context.Error);
        using var interruption = new Interruption(cancellationToken);
        var forwards = new List<PortForward>();
        try
        {
            foreach (var port in await FindAsync(
                cluster, objects, context.Arguments.GetValue(_names) ?? [], interruption.Token))
            {
                var forward = new PortForward(cluster, port, console.WriteLine, TimeProvider.System);
                forwards.Add(forward);
                var address = forward.Listen();
                var scheme = port.Name.StartsWith("http", StringComparison.Ordinal) ? port.Name.Split('-')[0] + "://" : "";
                await context.Output.WriteLineAsync(
                    $"{port.Service}  {(port.Name.Length > 0 ? port.Name : port.Port)}  {scheme}{address}");
            }

            await Task.WhenAll(forwards.Select(f => f.RunAsync(interruption.Token)));
        }
        catch (OperationCanceledException) when (interruption.Token.IsCancellationRequested)
        {
            // Ctrl+C is how it ends.
        }
        finally
        {
            forwards.ForEach(f => f.Dispose());
        }

        return ExitCodes.Done;
    }

    /// <summary>
    /// Of a resource, the ports of its Services, each once; else those of a live Service of that name, such as an operator makes.
    /// </summary>
    private static async Task<IReadOnlyList<ForwardedPort>> FindAsync(
        IClusterClient cluster, IReadOnlyList<YamlMap> objects, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        var services = objects.Where(o => o.Text("kind") == "Service").ToList();
        if (names.Count == 0)
        {
            return Distinct(services);
        }

        var ports = new List<ForwardedPort>();
        IReadOnlyList<YamlMap>? live = null;
        foreach (var (name, local) in names.Select(n => ParseName(n)!.Value))
        {
            var found = services.Where(s => ResourceSelection.Owner(s) == name || s.TextAt("metadata", "name") == name).ToList();
            if (found.Count == 0)
            {
                live ??= await cluster.GetAsync(ObjectQuery.OfKinds(ResourceKind.Service), cancellationToken);
                found = ForwardedPort.FindService(live, name) is { } service ? [service] : [];
            }

            ports.AddRange(found.Count > 0
                ? Distinct(found).Select((p, i) => local == 0 ? p : p with { LocalPort = local + i })
                : throw new BadUsageException(
                    $"No service found for '{name}' in namespace '{cluster.Target.Namespace}'. Available services: "
                    + $"{string.Join(", ", Names(services.Concat(live!)))}."));
        }

        return ports;
    }

    // todo-server:5000
    private static (string Name, int LocalPort)? ParseName(string text) => text.Split(':') switch
    {
        [var name] => (name, 0),
        [var name, var port] when int.TryParse(port, out var local) && local is > 0 and <= ushort.MaxValue => (name, local),
        _ => null,
    };

    private static IEnumerable<string> Names(IEnumerable<YamlMap> services) =>
        services.Select(s => s.TextAt("metadata", "name")!).Distinct().Order(StringComparer.Ordinal);

    // A headless Service leads to the same ports as the other.
    private static IReadOnlyList<ForwardedPort> Distinct(IEnumerable<YamlMap> services) =>
        [.. services.OrderBy(s => s.TextAt("spec", "clusterIP") == "None").SelectMany(ForwardedPort.Of)
        .DistinctBy(p => (p.Selector, p.TargetPort))];
}

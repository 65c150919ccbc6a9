using System.Text.RegularExpressions;
using Aspire.Hosting.ApplicationModel;
using MonoRepo.Deploy.Model;
using MonoRepo.Deploy.Rendering;
using MonoRepo.Deploy.Secrets;

namespace MonoRepo.Hosting.Kubernetes.Graph;

/// <summary>
/// Runs the graph's environment and argument callbacks and sorts what comes out into plain settings and variables with a source.
/// </summary>
internal sealed partial class VariableReader(
    EnvironmentGraph graph, WorkloadEntry entry, ValueResolver resolver, ValidationErrors errors)
{
    private readonly SortedDictionary<string, string> _settings = new(StringComparer.Ordinal);
    private readonly List<EnvVar> _sources = [];
    private readonly List<EnvVar> _composed = [];

    public IReadOnlyDictionary<string, string> Settings => _settings;

    public IReadOnlyList<EnvVar> Variables => [.. _sources, .. _composed];

    public void Read()
    {
        foreach (var variable in entry.Annotations.Named<PodVariableAnnotation>(v => v.Name))
        {
            _sources.Add(new(variable.Name, null, PodField(variable.Field)));
        }

        if (entry.Annotations.Last<MemberSecretAnnotation>() is { } members)
        {
            var key = SecretSource(members.Secret(), isEncoded: false).SecretKeyRef!;
            _sources.Add(new(
                members.PreviousVariable, null, new(SecretKeyRef: key with { Key = $"{key.Key}-previous", Optional = true })));
        }

        foreach (var (name, value) in Collect().OrderBy(v => v.Key, StringComparer.Ordinal))
        {
            if (!Name().IsMatch(name))
            {
                errors.Add(entry.Resource.Name, $"variable '{name}'",
                    "isn't a valid name of an environment variable in Kubernetes",
                    "use letters, digits, '-', '_' and '.'; don't begin with a digit");
            }
            else if (resolver.Resolve(value, $"variable '{name}'") is { } resolved)
            {
                if (ProcessText.Check(resolved.Text, entry.Resource, $"variable '{name}'", errors))
                {
                    Add(name, resolved);
                }
            }
        }

        foreach (var (name, _) in _settings.Where(s => IsRepeated(s.Key, s.Value)).ToList())
        {
            _settings.Remove(name);
        }
    }

    /// <summary>Command line arguments of the resource.</summary>
    public IReadOnlyList<string> Arguments()
    {
        var values = new List<object>();
        foreach (var callback in entry.Annotations.All<CommandLineArgsCallbackAnnotation>())
        {
            var context = new CommandLineArgsCallbackContext(values, entry.Resource) { ExecutionContext = graph.Model.Context };
            Run("arguments", () => callback.Callback(context));
        }

        var arguments = new List<string>();
        for (var i = 0; i < values.Count; i++)
        {
            var field = $"argument {i + 1}";
            if (resolver.Resolve(values[i], field) is { } resolved
                && ProcessText.Check(resolved.Text, entry.Resource, field, errors))
            {
                arguments.Add(resolved.Composed(SecretVariable));
            }
        }

        return arguments;
    }

    private Dictionary<string, object> Collect()
    {
        var variables = new Dictionary<string, object>();
        var context = new EnvironmentCallbackContext(graph.Model.Context, entry.Resource, variables);
        foreach (var callback in entry.Annotations.All<EnvironmentCallbackAnnotation>())
        {
            Run("environment", () => callback.Callback(context));
        }

        ClusterVariables.Apply(graph, entry, variables);
        return variables;
    }

    private void Run(string field, Func<Task> callback)
    {
        try
        {
            callback().GetAwaiter().GetResult();
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            errors.Add(entry.Resource.Name, field, $"a callback failed: {exception.Message}",
                "make it work without a running application");
        }
    }

    private void Add(string name, ResolvedValue value)
    {
        if (value.OnlySecret is { } secret)
        {
            _sources.Add(new(name, null, SecretSource(secret.Secret, secret.IsEncoded)));
        }
        else if (value.HasSecrets)
        {
            _composed.Add(new(name, value.Composed(SecretVariable)));
        }
        else if (!SettingsFile.CanHold(value.Text))
        {
            _composed.Add(new(name, ResolvedValue.Escape(value.Text)));
        }
        else
        {
            _settings[name] = value.Text;
        }
    }

    private string SecretVariable(ParameterResource secret, bool isEncoded)
    {
        var name = $"PARAMETER_{NotInName().Replace(secret.Name, "_").ToUpperInvariant()}{(isEncoded ? "__URI" : "")}";
        if (!_sources.Exists(v => v.Name == name))
        {
            _sources.Add(new(name, null, SecretSource(secret, isEncoded)));
        }

        return name;
    }

    private EnvVarSource SecretSource(ParameterResource secret, bool isEncoded)
    {
        var key = graph.Environment.KeyOf(secret);
        return new(SecretKeyRef: isEncoded ? key with { Key = key.Key + SecretKey.EncodedSuffix } : key);
    }

    private EnvVarSource PodField(string field) =>
        field.StartsWith("limits.", StringComparison.Ordinal) || field.StartsWith("requests.", StringComparison.Ordinal)
            ? new(ResourceFieldRef: new(entry.Name, field))
            : new(FieldRef: new(field));

    /// <summary>
    /// <c>services__server__grpc__1</c> with the address of <c>…__0</c>: locally every replica has an address of its own, in a
    /// cluster one name stands for all.
    /// </summary>
    private bool IsRepeated(string name, string value)
    {
        var match = ServiceVariable().Match(name);
        return match.Success && match.Groups[2].Value != "0" && _settings.TryGetValue(match.Groups[1].Value + "0", out var first)
            && first == value;
    }

    [GeneratedRegex("^[-._a-zA-Z][-._a-zA-Z0-9]*$")]
    private static partial Regex Name();

    [GeneratedRegex("[^a-zA-Z0-9]")]
    private static partial Regex NotInName();

    [GeneratedRegex("^(services__.+__)([0-9]+)$")]
    private static partial Regex ServiceVariable();
}

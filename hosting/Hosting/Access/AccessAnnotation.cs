using System.Text.RegularExpressions;
using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>What one caller may call of a service; without it, all.</summary>
/// <param name="Methods">Methods such as <c>todo.v1.TodoService/DeleteItem</c>, or beginnings of them with <c>*</c> at the
/// end.</param>
internal sealed partial record AccessAnnotation(IResource Caller, IReadOnlyList<string> Methods) : IResourceAnnotation
{
    /// <summary>The problems of this annotation and how to fix them.</summary>
    /// <param name="callers">The resources that have a reference to the service.</param>
    public IEnumerable<(string Problem, string Fix)> Check(IEnumerable<IResource> callers)
    {
        if (!callers.Contains(Caller))
        {
            yield return ($"'{Caller.Name}' doesn't refer to it", $"add WithReference to '{Caller.Name}' or remove WithAccess");
        }

        foreach (var method in Methods.Where(method => !Pattern().IsMatch(method)))
        {
            yield return (
                $"'{method}' isn't a method", "use one such as todo.v1.TodoService/DeleteItem, or its beginning and '*'");
        }

        if (Methods.Count == 0)
        {
            yield return ($"'{Caller.Name}' may call no method", "name one, or remove the reference");
        }
    }

    [GeneratedRegex(@"^[A-Za-z0-9_./-]*\*$|^[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*$")]
    private static partial Regex Pattern();
}

/// <summary>The Secret with the certificate that a service and its clients show.</summary>
internal sealed partial record MutualTlsAnnotation(string Secret, SourceLine Line) : IResourceAnnotation
{
    private const int LongestName = 253;

    /// <summary>Whether Kubernetes accepts the Secret's name.</summary>
    public bool IsNamed => Secret.Length <= LongestName && Name().IsMatch(Secret);

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z")]
    private static partial Regex Name();
}

/// <summary>The settings of ServiceDefaults' access checks.</summary>
internal static class AccessVariables
{
    /// <summary>The caller that a person is, who may call every service of a local run and of a personal environment.</summary>
    public const string Developer = "developer";

    public const string Audience = "Access__Audience";
    public const string Namespace = "Access__Namespace";
    public const string Issuer = "Access__Issuer";
    public const string KeyFile = "Access__KeyFile";
    public const string ClusterFolder = "Access__ClusterFolder";
    public const string Tokens = "Access__Tokens";
    public const string Certificates = "Access__Certificates";

    /// <summary>Who may call a service, and what: the patterns of each caller.</summary>
    public static IEnumerable<(string Name, string Value)> Callers(EffectiveAnnotations service, IEnumerable<IResource> callers)
    {
        var narrowed = service.Named<AccessAnnotation>(a => a.Caller.Name).ToDictionary(
            a => a.Caller, a => string.Join(',', a.Methods));
        return callers.Select(caller => (Caller(caller.Name), narrowed.GetValueOrDefault(caller, "*")));
    }

    public static string Caller(string name) => $"Access__Callers__{name.ToLowerInvariant()}";
}

using System.Runtime.CompilerServices;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using MonoRepo.Hosting;

namespace Aspire.Hosting;

/// <summary>Who may call whom: what a resource refers to it may call, and nothing else.</summary>
public static class AccessExtensions
{
    /// <summary>
    /// Narrows what a caller, which has to refer to this resource, may call of it. The last one of a caller counts.
    /// </summary>
    /// <param name="builder">The resource that is called.</param>
    /// <param name="caller">The resource that calls.</param>
    /// <param name="methods">
    /// Methods such as <c>todo.v1.TodoService/DeleteItem</c>, or beginnings of them with <c>*</c> at the end; over HTTP, paths
    /// without their first slash.
    /// </param>
    public static IResourceBuilder<ProjectResource> WithAccess(
        this IResourceBuilder<ProjectResource> builder, IResourceBuilder<IResource> caller, params string[] methods)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(caller);
        return builder.WithAnnotation(new AccessAnnotation(caller.Resource, methods));
    }

    /// <summary>
    /// Mutual TLS in a cluster, by the certificate of a Secret as cert-manager makes it: <c>tls.crt</c>, <c>tls.key</c> and
    /// <c>ca.crt</c>. The endpoints serve https to those who show a certificate of that authority, and the service's own calls
    /// show this one, so callers need it, too. External endpoints and the one for metrics and probes stay as they are, as do
    /// local runs; docs/access.md has the names that the certificate needs. Works inside of <c>In(environment, …)</c>.
    /// </summary>
    /// <param name="builder">The service, or who calls one.</param>
    /// <param name="secret">Name of the Secret.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    public static IResourceBuilder<ProjectResource> WithMutualTls(
        this IResourceBuilder<ProjectResource> builder, string secret, [CallerFilePath] string? file = null,
        [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(secret);
        return builder.WithAnnotation(
            new MutualTlsAnnotation(secret, new(file, line)), ResourceAnnotationMutationBehavior.Replace);
    }

    /// <summary>
    /// Gives each resource tokens of the shape that Kubernetes gives service accounts, for the services that it refers to, and
    /// tells these who may call. The key is made for this run; the files are the user's own, are renewed, and go with the run.
    /// Adds the command <c>token</c>, for calls by hand.
    /// </summary>
    internal static IDistributedApplicationBuilder AddServiceAccess(this IDistributedApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (builder.Services.All(s => s.ServiceType != typeof(LocalTokens)))
        {
            builder.Services.AddSingleton(
                services => new LocalTokens(builder.AppHostDirectory, services.GetRequiredService<TimeProvider>()));
            builder.Services.AddSingleton<AppHostCommand>(new TokenCommand(builder.AppHostDirectory));
            if (builder.ExecutionContext.IsRunMode)
            {
                builder.Eventing.Subscribe<BeforeStartEvent>((start, _) =>
                {
                    var tokens = start.Services.GetRequiredService<LocalTokens>();
                    start.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopped.Register(tokens.Dispose);
                    AddAccess(start.Model, tokens);
                    return Task.CompletedTask;
                });
                builder.AddRunTask<LocalTokenRenewal>();
            }
        }

        return builder;
    }

    /// <summary>
    /// A token of the caller <c>developer</c>, as the command <c>token</c> prints it: for tests that call a running service.
    /// </summary>
    /// <param name="application">The running application.</param>
    /// <param name="service">The name of the service's resource.</param>
    public static string CreateServiceToken(this DistributedApplication application, string service)
    {
        ArgumentNullException.ThrowIfNull(application);
        return application.Services.GetRequiredService<LocalTokens>().Create(AccessVariables.Developer, service);
    }

    private static void AddAccess(DistributedApplicationModel model, LocalTokens tokens)
    {
        var edges = model.Resources.SelectMany(
            caller => Referred(caller).Distinct().Select(called => (Caller: caller, Called: called))).ToList();
        var services = model.Resources.OfType<ProjectResource>()
            .Where(project => HasCallers(project, edges.Any(edge => edge.Called == project))).ToHashSet<IResource>();
        var callers = edges.Where(edge => services.Contains(edge.Called)).ToLookup(edge => edge.Called, edge => edge.Caller);
        Check(model.Resources.OfType<ProjectResource>(), callers);
        foreach (var service in services)
        {
            var annotations = new EffectiveAnnotations(service, null);
            tokens.AddCaller(AccessVariables.Developer, service.Name);
            AddVariables(
                service, () => tokens.SettingsOf(service.Name).Concat(AccessVariables.Callers(annotations, callers[service])));
        }

        foreach (var (caller, called) in edges.Where(edge => services.Contains(edge.Called)))
        {
            tokens.AddCaller(caller.Name, called.Name);
            AddVariables(caller, () => [(AccessVariables.Tokens, tokens.FolderOf(caller.Name))]);
        }

        tokens.Write();
    }

    private static void AddVariables(IResource resource, Func<IEnumerable<(string Name, string Value)>> variables) =>
        resource.Annotations.Add(new EnvironmentCallbackAnnotation(context =>
        {
            foreach (var (name, value) in variables())
            {
                context.EnvironmentVariables.TryAdd(name, value);
            }
        }));

    // Where operators alone ask, and at external endpoints, nobody is checked.
    private static bool HasCallers(ProjectResource project, bool isReferred)
    {
        var annotations = new EffectiveAnnotations(project, null);
        return annotations.All<EndpointAnnotation>()
            .Any(e => !e.IsExternal && (isReferred || e.Name != annotations.MetricsPort?.Endpoint));
    }

    private static IEnumerable<IResource> Referred(IResource caller) => caller.Annotations
        .OfType<EndpointReferenceAnnotation>().Select(r => (IResource)r.Resource)
        .Concat(caller.Annotations.OfType<ResourceRelationshipAnnotation>().Where(r => r.Type == "Reference")
        .Select(r => r.Resource))
        .Where(called => called is ProjectResource && called != caller);

    private static void Check(IEnumerable<IResource> services, ILookup<IResource, IResource> callers)
    {
        var errors =
            from service in services
            from access in new EffectiveAnnotations(service, null).All<AccessAnnotation>()
            from error in access.Check(callers[service])
            select $"Access of '{service.Name}': {error.Problem}; {error.Fix}.";
        if (string.Join(Environment.NewLine, errors) is { Length: > 0 } text)
        {
            throw new DistributedApplicationException(text);
        }
    }
}

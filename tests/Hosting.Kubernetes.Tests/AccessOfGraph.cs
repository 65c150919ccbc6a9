using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using MonoRepo.Hosting;
using MonoRepo.Hosting.Kubernetes.Graph;
using MonoRepo.ServiceDefaults.Access;
using MonoRepo.ServiceDefaults.Calls;

namespace MonoRepo.Tests;

/// <summary>
/// Calls between the workloads of a graph, checked by what runs in the services, with the settings that are published and real
/// tokens.
/// </summary>
internal sealed class AccessOfGraph : IDisposable
{
    public const string Narrowed = "a.v1.A/Get";

    private static readonly Marshaller<object> s_bytes = Marshallers.Create<object>(_ => [], _ => new());
    private readonly TokenIssuer _issuer = new("https://kubernetes.default.svc", "shop");
    private readonly TemporaryFolder _folder = new();

    public AccessOfGraph() => File.WriteAllText(KeyFile, _issuer.Keys);

    private string KeyFile => Path.Combine(_folder.Path, "keys.json");

    /// <summary>What a caller may call of a service: both methods, one, or none.</summary>
    public async Task<int> CountAllowedAsync(Workload caller, Workload service)
    {
        var settings = service.Settings.ToDictionary(
            s => s.Key.Replace("__", ":", StringComparison.Ordinal), s => (string?)s.Value);
        Assert.Contains(
            service.Variables, v => v is { Name: AccessVariables.Namespace, ValueFrom.FieldRef.FieldPath: "metadata.namespace" });
        Assert.True(settings.Remove("Access:ClusterFolder"));
        (settings["Access:Namespace"], settings["Access:KeyFile"], settings["Access:Issuer"]) = ("shop", KeyFile, _issuer.Issuer);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        var access = AccessSettings.Read(configuration)!;
        var called = 0;
        var checks = new ServiceAccess(
            _ =>
            {
                called++;
                return Task.CompletedTask;
            },
            access,
            CallContextSettings.Read(configuration),
            new(access, new(access, TimeProvider.System, NullLogger<IssuerKeySource>.Instance), TimeProvider.System),
            new(access, TimeProvider.System, NullLogger<AccessAudit>.Instance));

        // Also one that the graph gives no token: the service itself has to refuse it.
        var token = _issuer.Create(caller.Name, service.Name, DateTimeOffset.UtcNow, TimeSpan.FromHours(1));
        foreach (var name in (string[])["GetIt", "DeleteIt"])
        {
            var context = new DefaultHttpContext();
            context.Request.Headers.Authorization = $"Bearer {token}";
            var method = new Method<object, object>(MethodType.Unary, "a.v1.A", name, s_bytes, s_bytes);
            context.SetEndpoint(new(null, new(new GrpcMethodMetadata(typeof(object), method)), null));
            var before = called;
            await checks.InvokeAsync(context);
            Assert.Equal(
                called > before ? "" : $"{(int)StatusCode.PermissionDenied}", context.Response.Headers.GrpcStatus.ToString());
        }

        return called;
    }

    public void Dispose()
    {
        _issuer.Dispose();
        _folder.Dispose();
    }
}

using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;

namespace MonoRepo.Hosting;

/// <summary>
/// What a project is told when it runs on this machine: its URLs, and what its launch profile says. It is asked before
/// the resource's own callbacks, so that these win.
/// </summary>
internal sealed class ProjectLaunchGatherer : IExecutionConfigurationGatherer
{
    public ValueTask GatherAsync(
        IExecutionConfigurationGathererContext context,
        IResource resource,
        ILogger resourceLogger,
        DistributedApplicationExecutionContext executionContext,
        CancellationToken cancellationToken = default)
    {
        if (resource is ProjectResource project && project.TryGetLastAnnotation<ProjectLaunchAnnotation>(out var launch))
        {
            AddUrls(context.EnvironmentVariables, project, launch);
            AddProfile(context, launch);
        }

        return ValueTask.CompletedTask;
    }

    private static void AddUrls(Dictionary<string, object> variables, ProjectResource project, ProjectLaunchAnnotation launch)
    {
        var urls = new ReferenceExpressionBuilder();
        foreach (var endpoint in launch.GetEnvironmentEndpoints(project))
        {
            if (!urls.IsEmpty)
            {
                urls.AppendLiteral(";");
            }

            urls.Append($"{endpoint.Property(EndpointProperty.Scheme)}://{endpoint.EndpointAnnotation.TargetHost}:{endpoint.Property(EndpointProperty.TargetPort)}");
        }

        if (!urls.IsEmpty)
        {
            variables["ASPNETCORE_URLS"] = urls.Build();
        }

        if (project.GetEndpoints().FirstOrDefault(e => e.IsHttps) is { } https)
        {
            variables["ASPNETCORE_HTTPS_PORT"] = https.Property(EndpointProperty.Port);
        }

        foreach (var (name, key) in launch.KestrelEndpoints)
        {
            var endpoint = project.GetEndpoint(name);
            variables[$"Kestrel__Endpoints__{key}__Url"] = ReferenceExpression.Create(
                $"{endpoint.Property(EndpointProperty.Scheme)}://{endpoint.EndpointAnnotation.TargetHost}:{endpoint.Property(EndpointProperty.TargetPort)}");
        }
    }

    private static void AddProfile(IExecutionConfigurationGathererContext context, ProjectLaunchAnnotation launch)
    {
        if (launch.Profile is not { } profile)
        {
            return;
        }

        context.EnvironmentVariables.TryAdd("DOTNET_LAUNCH_PROFILE", launch.ProfileName!);
        foreach (var (name, value) in profile.EnvironmentVariables)
        {
            context.EnvironmentVariables.TryAdd(name, Environment.ExpandEnvironmentVariables(value));
        }

        if (!string.IsNullOrWhiteSpace(profile.CommandLineArgs))
        {
            context.Arguments.AddRange(CommandLineArguments.Split(Environment.ExpandEnvironmentVariables(profile.CommandLineArgs)));
        }
    }
}

using System.Reflection;
using System.Runtime.InteropServices;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;

namespace MonoRepo.Hosting;

/// <summary>Starting what was built.</summary>
internal static class BuiltProgramsExtensions
{
    private const string MetadataPrefix = "projectprogram:";

    /// <summary>
    /// Starts the program that the AppHost's build has built for each project, instead of <c>dotnet run</c>, which loads MSBuild
    /// for each. An IDE that debugs, and <c>dotnet watch</c>, start projects in their own way.
    /// </summary>
    public static IDistributedApplicationBuilder AddBuiltPrograms(this IDistributedApplicationBuilder builder)
    {
        if (!builder.ExecutionContext.IsRunMode || IsStartedByOthers(builder.Configuration))
        {
            return builder;
        }

        var programs = (builder.AppHostAssembly?.GetCustomAttributes<AssemblyMetadataAttribute>() ?? [])
            .Where(a => a.Key.StartsWith(MetadataPrefix, StringComparison.Ordinal) && a.Value is not null)
            .GroupBy(a => Path.GetFullPath(a.Key[MetadataPrefix.Length..]))
            .ToDictionary(g => g.Key, g => g.Last().Value!);
        return builder.PrepareProjects((project, _) =>
        {
            var file = Path.GetFullPath(project.GetProjectMetadata().ProjectPath);
            if (!project.HasAnnotationOfType<ExecutableAnnotation>()
                && programs.TryGetValue(file, out var assembly) && FindProgram(assembly) is { } program)
            {
                project.Annotations.Add(
                    new ExecutableAnnotation { Command = program, WorkingDirectory = Path.GetDirectoryName(file)! });
                project.Annotations.Add(new EnvironmentCallbackAnnotation(AddRuntimeLocation));
            }
        });
    }

    private static bool IsStartedByOthers(IConfiguration configuration) =>
        !string.IsNullOrEmpty(configuration["DEBUG_SESSION_PORT"]) || IsTrue(configuration["DOTNET_WATCH"])
        || IsTrue(configuration["AppHost:Run:WatchEnabled"]);

    private static bool IsTrue(string? value) => value == "1" || string.Equals(value, "true", StringComparison.OrdinalIgnoreCase);

    // Without a program of its own (UseAppHost=false), or not built, the project is left to dotnet run.
    private static string? FindProgram(string assembly)
    {
        var program = Path.ChangeExtension(assembly, OperatingSystem.IsWindows() ? "exe" : null)!.TrimEnd('.');
        return File.Exists(program) ? program : null;
    }

    // A program looks for the runtime in a few places only; the AppHost runs from the right one.
    private static void AddRuntimeLocation(EnvironmentCallbackContext context)
    {
        var root = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        if (Environment.GetEnvironmentVariable("DOTNET_ROOT") is null && Directory.Exists(Path.Combine(root, "host", "fxr")))
        {
            context.EnvironmentVariables.TryAdd("DOTNET_ROOT", root.TrimEnd(Path.DirectorySeparatorChar));
        }
    }
}

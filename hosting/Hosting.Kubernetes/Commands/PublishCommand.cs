using System.CommandLine;
using Aspire.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using MonoRepo.Deploy.Files;
using MonoRepo.Deploy.Rendering;
using MonoRepo.Hosting.Kubernetes.Graph;
using MonoRepo.Hosting.Kubernetes.Overlays;

namespace MonoRepo.Hosting.Kubernetes.Commands;

/// <summary>Writes the graph as Kubernetes manifests: a kustomize base and an overlay per environment.</summary>
internal sealed class PublishCommand : DeploymentCommand
{
    private readonly Option<bool> _check =
        new("--check") { Description = "Write nothing; show what would change as a unified diff and exit with 16." };
    private readonly Option<string> _output =
        new("--output", "-o") { Description = "Folder to publish into, k8s beside the AppHost by default.", HelpName = "folder" };

    public PublishCommand()
        : base("publish", "Write the graph as Kubernetes manifests with an overlay per environment.")
    {
        _output.Validators.Add(result =>
        {
            if (string.IsNullOrWhiteSpace(result.GetValueOrDefault<string?>()))
            {
                result.AddError("--output takes a folder, such as k8s.");
            }
        });
        Add(_check);
        Add(_output);
    }

    protected override async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var root = context.Arguments.GetValue(_output)
            ?? context.Services.GetRequiredService<IConfiguration>()["Pipeline:OutputPath"] ?? PublishedGraph.Root(context);
        var model = PublishedGraph.Model(context);
        var tree = Publication.Build(model);
        if (context.Arguments.GetValue(_check))
        {
            return await CheckAsync(context, model, root, tree);
        }

        var written = Write(root, tree);
        await WriteRemarksAsync(context, model, root, tree);
        await context.Output.WriteLineAsync(
            $"Published {written.Files} files for {model.Environments.Count} environments to {root}: {written.Written} " +
            $"written, {written.Deleted} deleted.");
        return ExitCodes.Done;
    }

    private async Task<int> CheckAsync(CommandContext context, PublishedModel model, string root, FileTree tree)
    {
        var diff = OwnedFiles.Compare(root, tree);
        if (diff.Length > 0)
        {
            var command = context.Arguments.GetValue(_output) is { } folder ? $"publish -o {folder}" : "publish";
            await context.Output.WriteAsync(diff);
            await context.Error.WriteLineAsync(
                $"{root} isn't what the graph says. Run `dotnet run --project AppHost -- {command}` and commit the result.");
            return ExitCodes.Differences;
        }

        if (await WriteRemarksAsync(context, model, root, tree))
        {
            return ExitCodes.Failed;
        }

        await context.Output.WriteLineAsync($"{root} is what the graph says.");
        return ExitCodes.Done;
    }

    private static WrittenFiles Write(string root, FileTree tree)
    {
        try
        {
            return OwnedFiles.Write(root, tree);
        }
        catch (Exception exception)
            when (ErrorReport.Find(exception) is (IOException or UnauthorizedAccessException) and var error)
        {
            throw new DistributedApplicationException(
                $"Can't write to the folder {root}: {error.Message} Make it writable, or publish to another folder: -o FOLDER");
        }
    }

    /// <summary>Writes what is wrong with patches; environments without any have not to be rendered for that.</summary>
    private static async Task<bool> WriteRemarksAsync(CommandContext context, PublishedModel model, string root, FileTree tree)
    {
        var renderer = new Renderer(ManifestTree.InMemory(tree, root));
        var remarks = model.Environments.Where(e => !OverlayPatches.Read(root, e.Name).IsEmpty)
            .SelectMany(e => renderer.Render(e.Name).PatchRemarks).ToList();
        foreach (var remark in remarks)
        {
            await context.Error.WriteLineAsync(remark);
        }

        return remarks.Count > 0;
    }
}

using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using MonoRepo.Deploy.Model;
using MonoRepo.Hosting.Kubernetes.Lowering;

namespace MonoRepo.Hosting.Kubernetes.Graph;

/// <summary>Volumes and files of a resource. What cannot be mounted in a cluster is an error, never left out.</summary>
internal static class MountReader
{
    private const string DefaultSize = "1Gi";
    private const int LargestConfigMap = 900 * 1024;

    public static IReadOnlyList<WorkloadVolume> Volumes(
        IResource resource, EffectiveAnnotations annotations, ValidationErrors errors)
    {
        var storage = annotations.Last<StorageAnnotation>();
        if (storage is not null)
        {
            ResourcesReader.CheckSize(resource, "storage size", storage.Size, storage.Line, errors);
        }

        var mounts = annotations.All<ContainerMountAnnotation>().Where(m => m.Type == ContainerMountType.Volume).ToList();
        if (storage is not null && mounts.Count == 0)
        {
            errors.Add(resource.Name, "storage", "has a size but nothing is kept there",
                "add a volume: WithVolume(…) or WithDataVolume()", storage.Line);
        }

        return
        [
            .. mounts.Select((m, i) => new WorkloadVolume(
                VolumeName(m, i), m.Target, m.IsReadOnly, storage?.Size ?? DefaultSize, storage?.StorageClass)),
        ];
    }

    public static IReadOnlyList<MountedFilesAnnotation> Files(
        IResource resource, EffectiveAnnotations annotations, ValidationErrors errors)
    {
        var files = annotations.Named<MountedFilesAnnotation>(f => f.Name).ToList();
        foreach (var mount in annotations.All<ContainerMountAnnotation>().Where(m => m.Type == ContainerMountType.BindMount))
        {
            if (Bind(resource, mount, files.Count, errors) is { } mounted)
            {
                files.Add(mounted);
            }
        }

        foreach (var set in files.Where(
            f => f.Files.Sum(x => x.Key.Length + System.Text.Encoding.UTF8.GetByteCount(x.Value)) > LargestConfigMap))
        {
            errors.Add(resource.Name, $"files at '{set.MountPath}'",
                $"are more than {LargestConfigMap / 1024} KiB, which a ConfigMap cannot hold",
                "put them into the image or on a volume");
        }

        foreach (var set in files)
        {
            _ = set.Files.Values.All(text => ProcessText.CheckFile(text, resource, $"files at '{set.MountPath}'", errors));
        }

        return files;
    }

    private static MountedFilesAnnotation? Bind(
        IResource resource, ContainerMountAnnotation mount, int index, ValidationErrors errors)
    {
        var field = $"bind mount '{mount.Target}'";
        // WithBindMount has made it absolute, from the AppHost's folder; messages name the last part only.
        var source = mount.Source ?? "";
        var name = Path.GetFileName(source);
        if (!mount.IsReadOnly)
        {
            errors.Add(resource.Name, field, "is writable, but a folder of this machine is not in the cluster",
                "mount it read-only or use WithVolume(…)");
            return null;
        }

        var suffix = index == 0 ? "files" : $"files-{index + 1}";
        if (File.Exists(source))
        {
            return Read(resource, field, [source], errors) is { } one
                ? new(suffix, new Dictionary<string, string>
                {
                    [Path.GetFileName(mount.Target)] = one.Values.Single(),
                }, mount.Target)
                : null;
        }

        if (!Directory.Exists(source))
        {
            errors.Add(resource.Name, field, $"'{name}' does not exist",
                "correct the path; it is relative to the AppHost's folder");
            return null;
        }

        if (Directory.EnumerateDirectories(source).Any())
        {
            errors.Add(resource.Name, field, $"'{name}' has folders in it, which a ConfigMap cannot have",
                "mount each folder by itself");
            return null;
        }

        return Read(resource, field, Directory.GetFiles(source).Order(StringComparer.Ordinal), errors) is { } all
            ? new(suffix, all, mount.Target)
            : null;
    }

    private static Dictionary<string, string>? Read(
        IResource resource, string field, IEnumerable<string> paths, ValidationErrors errors)
    {
        var files = new Dictionary<string, string>();
        foreach (var path in paths)
        {
            try
            {
                files[Path.GetFileName(path)] = new System.Text.UTF8Encoding(
                    false, throwOnInvalidBytes: true).GetString(File.ReadAllBytes(path));
            }
            catch (System.Text.DecoderFallbackException)
            {
                errors.Add(resource.Name, field, $"'{Path.GetFileName(path)}' is no text", "put binary files into the image");
                return null;
            }
        }

        return files;
    }

    private static string VolumeName(ContainerMountAnnotation mount, int index) => index == 0 ? "data" : $"data-{index + 1}";
}

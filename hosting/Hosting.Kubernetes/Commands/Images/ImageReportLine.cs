using MonoRepo.Deploy.Images;

namespace MonoRepo.Hosting.Kubernetes.Commands;

/// <summary>A step of an image as a line.</summary>
internal static class ImageReportLine
{
    public static string Of(ImageReport report) => report.Step switch
    {
        ImageStep.Building => $"{report.Image}: building",
        ImageStep.Pushed => $"{report.Image}: pushed {PinChange.Short(report.Digest)}",
        _ => $"{report.Image}: unchanged {PinChange.Short(report.Digest)}",
    };
}

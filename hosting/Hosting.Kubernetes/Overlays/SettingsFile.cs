using System.Text;
using MonoRepo.Deploy.Rendering;

namespace MonoRepo.Hosting.Kubernetes.Overlays;

/// <summary>
/// Lines of <c>KEY=value</c> as kustomize's generator reads them: the value is everything after the first <c>=</c>, without quotes
/// and escapes, so it holds no line break.
/// </summary>
internal static class SettingsFile
{
    public static string Write(IReadOnlyDictionary<string, string> values)
    {
        var text = new StringBuilder(Layout.GeneratedHeader);
        foreach (var (key, value) in values)
        {
            text.Append(key).Append('=').Append(value).Append('\n');
        }

        return text.ToString();
    }
}

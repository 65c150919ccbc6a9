using MimeKit;

namespace MonoRepo.Tests;

/// <summary>A real SMTP server, Debian's aiosmtpd, that keeps the mail which it takes in a folder.</summary>
internal sealed class SmtpServer(TemporaryFolder folder) : IDisposable
{
    private const string Python = "/usr/bin/python3";

    private ToolProcess? _process;

    public int Port { get; } = Tools.FreePort();

    /// <summary>The mail that it took, in that order.</summary>
    public IReadOnlyList<MimeMessage> Mail =>
    [
        .. Directory.GetFiles(Path.Combine(folder.Path, "mail")).Order(StringComparer.Ordinal)
            .Select(file => MimeMessage.Load(file)),
    ];

    /// <summary>Starts it: at first, or again.</summary>
    /// <param name="certificate">Files of a certificate and its key: it wants TLS and an account.</param>
    public async Task StartAsync(params string[] certificate)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/aiosmtpd"), "aiosmtpd is not installed (Debian's python3-aiosmtpd).");
        var script = Path.Combine(Repository.Root, "tests", "Notifier.Tests", "smtp_server.py");
        _process = await ToolProcess.StartAsync(Python, Port, [script, folder.Path, $"{Port}", .. certificate]);
    }

    /// <summary>The settings of a receiver that sends here.</summary>
    public (string, string)[] Receiver(string name, params (string Name, string Value)[] more)
    {
        (string Name, string Value)[] settings =
        [
            ("Server", "localhost"), ("Port", $"{Port}"), ("From", "Notifier <notifier@example.org>"),
            ("To", "ops@example.org, Jane <jane@example.org>"), .. more,
        ];
        return [.. settings.Select(setting => ($"Receivers__{name}__Email__{setting.Name}", setting.Value))];
    }

    /// <summary>From now on it says this of a recipient; null: that it takes the mail.</summary>
    public void Answer(string recipient, string? answer)
    {
        var file = Path.Combine("answers", recipient);
        if (answer is null)
        {
            File.Delete(Path.Combine(folder.Path, file));
        }
        else
        {
            folder.Write(file, answer);
        }
    }

    public void Dispose() => _process?.Dispose();
}

using System.Text;
using Aspire.Hosting.Pipelines;
using Microsoft.Extensions.Logging;

namespace MonoRepo.Hosting.Kubernetes.Pipeline;

/// <summary>What a command writes, as log lines of the step that executes it.</summary>
internal sealed class StepWriter(IReportingStep step, LogLevel level) : TextWriter
{
    private readonly StringBuilder _line = new();

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value)
    {
        lock (_line)
        {
            if (value != '\n')
            {
                _line.Append(value);
                return;
            }

            step.Log(level, _line.ToString().TrimEnd('\r'));
            _line.Clear();
        }
    }

    public override void Write(string? value)
    {
        lock (_line)
        {
            foreach (var c in value ?? "")
            {
                Write(c);
            }
        }
    }

    /// <summary>Writes what has no line break yet.</summary>
    public override void Flush()
    {
        lock (_line)
        {
            if (_line.Length > 0)
            {
                Write('\n');
            }
        }
    }
}

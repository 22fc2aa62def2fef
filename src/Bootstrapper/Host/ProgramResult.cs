using System.Text;

namespace Bootstrapper.Host;

/// <summary>How a program ended, and what it wrote.</summary>
/// <param name="ExitCode">128 and the signal's number when a signal ended it.</param>
/// <param name="Errors">The end of what it wrote to standard error.</param>
internal sealed record ProgramResult(int ExitCode, byte[] Output, string Errors)
{
    public string Text => Encoding.UTF8.GetString(Output);
}

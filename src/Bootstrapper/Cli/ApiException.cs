namespace Bootstrapper.Cli;

/// <summary>The bootstrapper could not be asked, or would not do it.</summary>
internal sealed class ApiException(int exitCode, string message) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}

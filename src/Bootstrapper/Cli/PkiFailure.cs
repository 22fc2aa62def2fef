using Bootstrapper.Pki;

namespace Bootstrapper.Cli;

/// <summary>What a command answers when the data root's certificates, or its disk, are in the way.</summary>
internal static class PkiFailure
{
    public static int Guard(TextWriter error, Func<int> run)
    {
        try
        {
            return run();
        }
        catch (PkiException e)
        {
            error.WriteLine($"error: {e.Message}");
            return ExitCode.Configuration;
        }
        catch (BsrootTakenException e)
        {
            error.WriteLine($"error: {e.Message}");
            return ExitCode.Unavailable;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            error.WriteLine($"error: {e.Message}");
            return ExitCode.InputOutput;
        }
    }
}

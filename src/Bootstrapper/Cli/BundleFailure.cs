using Bootstrapper.Bundles;
using Bootstrapper.Images;
using Bootstrapper.Pki;
using Bootstrapper.Signing;

namespace Bootstrapper.Cli;

/// <summary>What the commands for bundles and backups answer when something is in the way.</summary>
internal static class BundleFailure
{
    public static async Task<int> GuardAsync(TextWriter error, Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (BundleException e)
        {
            e.Problems.ToList().ForEach(problem => error.WriteLine($"error: {problem}"));
            return ExitCode.InvalidInput;
        }
        catch (Exception e) when (e is InvalidDataException or SigningException or PkiException)
        {
            await error.WriteLineAsync($"error: {e.Message}");
            return ExitCode.InvalidInput;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            await error.WriteLineAsync($"error: {e.Message}");
            return ExitCode.MissingInput;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ReleaseException)
        {
            await error.WriteLineAsync($"error: {e.Message}");
            return e is ReleaseException or BsrootTakenException ? ExitCode.Unavailable : ExitCode.InputOutput;
        }
    }
}

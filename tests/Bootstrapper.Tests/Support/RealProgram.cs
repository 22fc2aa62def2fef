using System.Diagnostics;

namespace Bootstrapper.Tests.Support;

/// <summary>Runs somebody else's program to its end.</summary>
internal static class RealProgram
{
    /// <returns>What it wrote. That it succeeded is asserted.</returns>
    public static async Task<string> RunAsync(string program, IEnumerable<string> arguments, string directory = "/")
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = directory,
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var said = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken) + await error;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"{program} ended with {process.ExitCode}: {said}");
        return said;
    }
}

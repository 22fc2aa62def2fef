using System.Diagnostics;

namespace Bootstrapper.Tests.Support;

/// <summary>A program run to its end, and what it said.</summary>
internal sealed record Tool(int ExitCode, string Output, string Errors)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <returns>What it printed; a failure fails the test with what it said.</returns>
    public static Task<string> OutputOfAsync(string program, params IEnumerable<string> arguments) =>
        OutputOfAsync(new ProcessStartInfo(program, arguments));

    /// <inheritdoc cref="OutputOfAsync(string, IEnumerable{string})"/>
    public static async Task<string> OutputOfAsync(ProcessStartInfo command)
    {
        var done = await RunAsync(command);
        Assert.True(
            done.ExitCode == 0, $"{command.FileName} {string.Join(' ', command.ArgumentList)}: {done.Output}{done.Errors}");
        return done.Output;
    }

    /// <param name="patience">After which it is killed; <c>null</c> for what ends in a moment.</param>
    public static async Task<Tool> RunAsync(ProcessStartInfo command, TimeSpan? patience = null)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(patience ?? Patience);
        command.RedirectStandardOutput = true;
        command.RedirectStandardError = true;
        using var process = Process.Start(command)!;
        using var killing = limit.Token.Register(() => process.Kill(entireProcessTree: true));
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        await process.WaitForExitAsync(CancellationToken.None);
        return new Tool(process.ExitCode, await output, await errors);
    }
}

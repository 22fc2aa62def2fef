using System.CommandLine;
using Bootstrapper.Registry;

namespace Bootstrapper.Cli;

/// <summary><c>bootstrapper registry gc</c></summary>
internal static class RegistryCommand
{
    /// <summary>A running bootstrapper looks once a second.</summary>
    private static readonly TimeSpan UntilTaken = TimeSpan.FromSeconds(10), LookEvery = TimeSpan.FromMilliseconds(200);

    public static Command Create() =>
        new("registry", "Looks after the container registry of a running bootstrapper.") { Collect() };

    private static Command Collect()
    {
        var bsroot = CommonOptions.DataRoot();
        var command = new Command("gc", """
            Frees the space of images that no tag leads to any more.

            The running bootstrapper does it, and this waits for it. Meanwhile its registry answers pulls and
            refuses pushes; a push that is under way fails and must be repeated. Exit code 69 if no bootstrapper
            runs on the data root.
            """) { bsroot };
        command.SetAction((parsed, cancellation) => RunAsync(
            new GarbageRequest(parsed.Bsroot(bsroot)),
            parsed.InvocationConfiguration.Output,
            parsed.InvocationConfiguration.Error,
            cancellation));
        return command;
    }

    private static async Task<int> RunAsync(
        GarbageRequest request, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        try
        {
            return await AskAsync(request, output, error, cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync($"error: {e.Message}");
            return ExitCode.InputOutput;
        }
    }

    private static async Task<int> AskAsync(
        GarbageRequest request, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        var id = request.Ask();
        if (!await IsTakenAsync(request, cancellation) && request.Withdraw(id))
        {
            await error.WriteLineAsync("error: no bootstrapper runs on this data root; "
                + "start it with 'bootstrapper serve', or name another data root with --bsroot");
            return ExitCode.Unavailable;
        }

        GarbageAnswer? answer;
        while ((answer = request.Find(id)) is null)
        {
            await Task.Delay(LookEvery, TimeProvider.System, cancellation);
        }

        await (answer.Problem is null ? output : error).WriteLineAsync(Line(answer));
        return answer.Problem is null ? ExitCode.Success : ExitCode.InputOutput;
    }

    private static async Task<bool> IsTakenAsync(GarbageRequest request, CancellationToken cancellation)
    {
        for (var waited = TimeSpan.Zero; waited < UntilTaken; waited += LookEvery)
        {
            if (!request.IsOpen)
            {
                return true;
            }

            await Task.Delay(LookEvery, TimeProvider.System, cancellation);
        }

        return false;
    }

    private static string Line(GarbageAnswer answer) => answer.Freed is { } freed
        ? string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"freed {freed.Bytes / 1e6:F1} MB: {freed.Blobs} blobs, {freed.Manifests} of the manifests had no tag")
        : $"error: {answer.Problem}";
}

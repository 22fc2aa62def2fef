using System.CommandLine;
using Bootstrapper.Http.Operators;

namespace Bootstrapper.Cli;

/// <summary><c>bootstrapper node console NODE</c></summary>
internal static class NodeConsoleCommand
{
    private const int Output = 1, LongestBlock = 4096;

    public static Command Create()
    {
        var node = ApiOptions.Node();
        var take = new Option<bool>("--take")
        {
            Description = "End the console first that somebody has open, or that the BMC counts as open.",
        };
        var recorded = new Option<bool>("--recorded")
        {
            Description = "Show what it printed while somebody had it open, and do not open it.",
        };
        return ApiOptions.Command(
            "console",
            """
            Opens a machine's serial console by its BMC (IPMI). Requires the admin role.

            ~. at the beginning of a line ends it. Where input or output is not a terminal it prints only.
            """,
            (parsed, api, cancellation) => parsed.GetValue(recorded)
                ? ShowAsync(parsed, api, parsed.GetRequiredValue(node), cancellation)
                : OpenAsync(
                    parsed,
                    api,
                    parsed.GetRequiredValue(node),
                    new ConsoleRequest(parsed.GetValue(take), parsed.GetValue(NodeCommand.Reason)),
                    cancellation),
            node, take, recorded, NodeCommand.Reason);
    }

    private static async Task ShowAsync(ParseResult parsed, ApiClient api, string node, CancellationToken cancellation) =>
        await parsed.InvocationConfiguration.Output.WriteLineAsync(
            await api.TextAsync($"{ApiClient.PathOf(node)}/console", cancellation));

    private static async Task OpenAsync(
        ParseResult parsed, ApiClient api, string node, ConsoleRequest request, CancellationToken cancellation)
    {
        api.WaitForBmcs();
        using var answer = await api.OpenConsoleAsync(node, request, cancellation);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var terminal = RawTerminal.Take();
        if (terminal is not null)
        {
            await parsed.InvocationConfiguration.Error.WriteAsync($"[the console of {node} is open; ~. ends it]\r\n");
            var id = answer.Headers.GetValues(ConsoleEndpoints.IdHeader).First();
            _ = Task.Run(() => TypeAsync(api, node, id, ended), CancellationToken.None);
        }

        try
        {
            await PrintAsync(await answer.Content.ReadAsStreamAsync(ended.Token), ended.Token);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            return; // ~., or Ctrl-C where that is not a key
        }

        throw new ApiException(ExitCode.Unavailable, $"the console of {node} was closed");
    }

    private static async Task PrintAsync(Stream printed, CancellationToken ended)
    {
        await using var screen = new StandardStream(Output);
        var block = new byte[LongestBlock];
        for (int read; (read = await printed.ReadAsync(block, ended)) > 0;)
        {
            screen.Write(block.AsSpan(0, read));
        }
    }

    private static async Task TypeAsync(ApiClient api, string node, string id, CancellationTokenSource ended)
    {
        try
        {
            await using var typed = RawTerminal.Keys();
            var (keys, block) = (new ConsoleKeys(), new byte[LongestBlock]);
            for (int read; !keys.HasEnded && (read = typed.Read(block)) > 0;)
            {
                if (keys.Pass(block.AsSpan(0, read)) is { Length: > 0 } passed)
                {
                    await api.TypeAsync(node, id, passed, ended.Token);
                }
            }

            await ended.CancelAsync();
        }
        catch (Exception e) when (e is ApiException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            // what it prints ends, too, and says why
        }
    }
}

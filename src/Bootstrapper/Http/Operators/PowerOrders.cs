using Bootstrapper.Host;
using Bootstrapper.Inventory.Audit;
using Bootstrapper.Inventory.Timelines;
using Bootstrapper.Power;

namespace Bootstrapper.Http.Operators;

/// <summary>
/// What operators want of a machine's power: on the audit trail before it is done, and on the machine's timeline when it is, or
/// has failed.
/// </summary>
internal sealed class PowerOrders(OperationsTrail trail, Timeline timeline, PowerLooks looks)
{
    /// <param name="what">Such as <c>power cycle</c>.</param>
    /// <param name="carryOut">Returns what came of it, for the timeline.</param>
    /// <returns>What to answer; <c>null</c> when it was done.</returns>
    public async Task<PowerException?> CarryOutAsync(
        Machine machine, string what, string? reason, HttpContext context, Func<Task<string>> carryOut)
    {
        var by = Author.Operator(Operator.Of(context).Name);
        var why = string.IsNullOrEmpty(reason) ? "" : $": {Printable.OnOneLine(reason)}";
        try
        {
            trail.Note(by, $"{machine.Record.HostName}: {what}{why}", $"{Client.Address(context)}", mac: machine.Mac);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new PowerException(
                PowerFailure.Unrecorded, $"{what} is not done, for the audit trail cannot be told of it: {e.Message}");
        }

        try
        {
            Tell(await carryOut());
            return null;
        }
        catch (PowerException e)
        {
            Tell($"{(e.Failure == PowerFailure.Unproven ? "not proven" : "failed")}: {e.Message}");
            return e;
        }
        catch (OperationCanceledException)
        {
            Tell("not done: it was not wanted any more before it began");
            throw;
        }
        finally
        {
            looks.Forget(machine.Mac);
        }

        void Tell(string came) =>
            timeline.Add(new TimelineEvent(machine.Mac, EventKind.Power, $"{what}: {came}{why}") { By = by.Name });
    }
}

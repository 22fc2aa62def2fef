using Bootstrapper.Http.Machines;
using Bootstrapper.Http.Operators;

namespace Bootstrapper.Http;

/// <summary>One line for every request a machine makes, and the one place where an unexpected error becomes an answer.</summary>
internal sealed partial class RequestLog(RequestDelegate next, TimeProvider time, ILogger<RequestLog> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var started = time.GetTimestamp();
        try
        {
            await next(context);
            await AnswerForRoutingAsync(context);
        }
        catch (BadHttpRequestException e)
        {
            await AnswerAsync(context, e.StatusCode, $"invalid request: {e.Message}");
        }
        catch (Exception e) when (IsOfTheDisk(e))
        {
            LogNotKept(Client.PathOf(context), e.Message);
            await AnswerAsync(
                context,
                StatusCodes.Status507InsufficientStorage,
                "the bootstrapper's disk is full or cannot be written; its log says where");
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The machine hung up; there is nobody to answer.
        }
#pragma warning disable CA1031 // Whatever went wrong is ours to log; the machine learns only that it was not its fault.
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogFailed(e, Client.PathOf(context));
            await AnswerAsync(
                context, StatusCodes.Status500InternalServerError, "internal error; the bootstrapper's log says why");
        }

        LogRequest(
            LevelOf(context),
            Client.Address(context).ToString(),
            context.Request.Method,
            Client.PathOf(context),
            context.Response.StatusCode,
            (long)time.GetElapsedTime(started).TotalMilliseconds);
    }

    /// <summary>
    /// EIO, ENOSPC, EROFS, EDQUOT of errno(3), and what the file system does not permit (EACCES, EPERM): no fault of the
    /// program's, and nothing that a stack would explain.
    /// </summary>
    private static bool IsOfTheDisk(Exception e) =>
        e is IOException { HResult: 5 or 28 or 30 or 122 } or UnauthorizedAccessException;

    /// <summary>Routing sets a status and says nothing.</summary>
    private static async Task AnswerForRoutingAsync(HttpContext context)
    {
        var reason = context.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound => "not found: there is nothing at this path",
            StatusCodes.Status405MethodNotAllowed => $"{context.Request.Method} is not allowed at this path",
            StatusCodes.Status415UnsupportedMediaType => "invalid body: expected JSON",
            _ => null,
        };
        if (reason is not null && context.Response is { HasStarted: false, ContentType: null })
        {
            await BootAnswer.ErrorFor(context, context.Response.StatusCode, reason).ExecuteAsync(context);
        }
    }

    private static async Task AnswerAsync(HttpContext context, int status, string reason)
    {
        if (!context.Response.HasStarted)
        {
            context.Response.Clear();
            await BootAnswer.ErrorFor(context, status, reason).ExecuteAsync(context);
        }
    }

    /// <summary>
    /// Monitoring asks every few seconds, a machine that takes part in fan-out hundreds of times; both are news only when the
    /// answer is bad.
    /// </summary>
    private static LogLevel LevelOf(HttpContext context) =>
        (Client.Monitors(context.Request) || IsOperatorLooking(context)
            || RequestPath.IsUnder(context.Request, ChunkEndpoints.Path))
            && context.Response.StatusCode < 400
            ? LogLevel.Debug
            : LogLevel.Information;

    /// <summary>An open dashboard asks once a second while machines are being installed.</summary>
    private static bool IsOperatorLooking(HttpContext context) =>
        HttpMethods.IsGet(context.Request.Method) && Operator.Makes(context);

    [LoggerMessage(Message = "{Asker} {Method} {Path} {Status} in {Milliseconds} ms")]
    private partial void LogRequest(LogLevel level, string asker, string method, string path, int status, long milliseconds);

    [LoggerMessage(Level = LogLevel.Error, Message = "Nothing was kept of {Path}: {Cause}")]
    private partial void LogNotKept(string path, string cause);

    [LoggerMessage(Level = LogLevel.Error, Message = "Cannot answer {Path}")]
    private partial void LogFailed(Exception cause, string path);
}

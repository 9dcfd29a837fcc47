using BinAuthz.Emulator.Hosting;
using Google.Protobuf.WellKnownTypes;
using Grafeas.V1;
using Grpc.Core;

namespace BinAuthz.Emulator.ContainerAnalysis;

/// <summary>Notes and occurrences over gRPC and REST.</summary>
internal sealed class GrafeasService(NoteStore notes, OccurrenceStore occurrences) : Grafeas.V1.Grafeas.GrafeasBase
{
    private const int LargestBatch = 1000;

    public override Task<Note> GetNote(GetNoteRequest request, ServerCallContext context) => Task.FromResult(notes.Get(request.Name));

    public override Task<ListNotesResponse> ListNotes(ListNotesRequest request, ServerCallContext context)
    {
        var page = notes.List(request.Parent, request.Filter, request.PageSize, request.PageToken);
        return Task.FromResult(new ListNotesResponse { Notes = { page.Items }, NextPageToken = page.NextToken });
    }

    public override Task<Note> CreateNote(CreateNoteRequest request, ServerCallContext context) =>
        Task.FromResult(notes.Create(request.Parent, request.NoteId, request.Note));

    public override Task<BatchCreateNotesResponse> BatchCreateNotes(BatchCreateNotesRequest request, ServerCallContext context)
    {
        CheckBatch(request.Notes.Count, "notes");
        return Task.FromResult(new BatchCreateNotesResponse { Notes = { notes.CreateAll(request.Parent, request.Notes) } });
    }

    public override Task<Note> UpdateNote(UpdateNoteRequest request, ServerCallContext context) =>
        Task.FromResult(notes.Update(request.Name, request.Note, request.UpdateMask));

    public override Task<Empty> DeleteNote(DeleteNoteRequest request, ServerCallContext context)
    {
        notes.Delete(request.Name);
        return Task.FromResult(new Empty());
    }

    public override Task<Occurrence> GetOccurrence(GetOccurrenceRequest request, ServerCallContext context) => Task.FromResult(occurrences.Get(request.Name));

    public override Task<Note> GetOccurrenceNote(GetOccurrenceNoteRequest request, ServerCallContext context) =>
        Task.FromResult(notes.Get(occurrences.Get(request.Name).NoteName));

    public override Task<ListOccurrencesResponse> ListOccurrences(ListOccurrencesRequest request, ServerCallContext context)
    {
        var page = occurrences.List(request.Parent, request.Filter, request.PageSize, request.PageToken);
        return Task.FromResult(new ListOccurrencesResponse { Occurrences = { page.Items }, NextPageToken = page.NextToken });
    }

    public override Task<ListNoteOccurrencesResponse> ListNoteOccurrences(ListNoteOccurrencesRequest request, ServerCallContext context)
    {
        notes.Get(request.Name);
        var page = occurrences.ListOfNote(request.Name, request.Filter, request.PageSize, request.PageToken);
        return Task.FromResult(new ListNoteOccurrencesResponse { Occurrences = { page.Items }, NextPageToken = page.NextToken });
    }

    public override Task<Occurrence> CreateOccurrence(CreateOccurrenceRequest request, ServerCallContext context) =>
        Task.FromResult(occurrences.Create(request.Parent, request.Occurrence));

    public override Task<BatchCreateOccurrencesResponse> BatchCreateOccurrences(BatchCreateOccurrencesRequest request, ServerCallContext context)
    {
        CheckBatch(request.Occurrences.Count, "occurrences");
        return Task.FromResult(new BatchCreateOccurrencesResponse { Occurrences = { occurrences.CreateAll(request.Parent, request.Occurrences) } });
    }

    public override Task<Occurrence> UpdateOccurrence(UpdateOccurrenceRequest request, ServerCallContext context) =>
        Task.FromResult(occurrences.Update(request.Name, request.Occurrence, request.UpdateMask));

    public override Task<Empty> DeleteOccurrence(DeleteOccurrenceRequest request, ServerCallContext context)
    {
        occurrences.Delete(request.Name);
        return Task.FromResult(new Empty());
    }

    private static void CheckBatch(int count, string what)
    {
        if (count is 0 or > LargestBatch)
        {
            throw Errors.Invalid($"The batch has {count} {what}; 1 to {LargestBatch} are allowed.");
        }
    }
}

// The body of a request that stores a watch, as the types of the client have it, mended where these are too narrow:
// a search has more than a query, an input may be a chain of inputs, and a mail names the account that sends it.
import type { estypes as es } from '@elastic/elasticsearch'

type SearchBody = Pick<es.SearchRequest, 'aggs' | 'query' | 'size' | 'sort' | 'track_total_hits' | 'runtime_mappings'>
type SearchRequest = Omit<es.WatcherSearchInputRequestDefinition, 'body'> & { body?: SearchBody }
type SearchInput = Omit<es.WatcherSearchInput, 'request'> & { request: SearchRequest }
type Input = { search: SearchInput } | { chain: { inputs: Record<string, Input>[] } }
type Email = es.WatcherEmailAction & { account?: string }
type Action = Omit<es.WatcherAction, 'email'> & { email?: Email }

export interface Watch {
  metadata: es.Metadata
  trigger: es.WatcherTriggerContainer
  input: Input
  condition: es.WatcherConditionContainer
  transform: es.TransformContainer
  actions: Record<string, Action>
}

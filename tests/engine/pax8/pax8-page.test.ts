import { describe, expect, it } from '@jest/globals';
import { readAnswer } from '../../../node/src/integrations/kit/sources/read-answer.ts';
import { subscriptions } from '../../../node/src/integrations/pax8/pax8-lists.ts';

const records = [
  { id: 'a', name: 'says "content": [1]' },
  { id: 'b', tags: ['x', ']'], content: [1] },
];
const list = JSON.stringify(records);
const page = '"page":{"number":3,"totalElements":802,"totalPages":5,"size":200}';
const place = { number: 3, totalElements: 802, totalPages: 5 };
const url = 'https://api.pax8.com/v1/subscriptions';

/** A page by the places of the declared list. */
function readPage(text: string, from: string) {
  const { paging } = subscriptions;
  if (paging.style !== 'page') throw new TypeError('Pax8 pages by number');
  const { number, total, pages } = paging;
  const needs = [number, total, pages];
  const answer = readAnswer(
    { status: 200, headers: {}, text },
    { source: subscriptions, needs, url: from, method: 'GET' },
  );
  const [at, totalElements, totalPages] = needs.map((place) => answer.at(place));
  return { records: answer.records, content: answer.content, number: at, totalElements, totalPages };
}

describe('a page of a Pax8 listing', () => {
  it.each([
    ['records before the numbers', `{"content":${list},${page}}`],
    ['numbers before the records', `{${page},"content":${list}}`],
    ['white space', `{ "content" : \n ${list} , ${page} }`],
    ['the older envelope', `{"content":${list},${page.replace('page', 'pageInfo')}}`],
    ['links before the records', `{"links":[],"content":${list},${page}}`],
    ['links between records and numbers', `{"content":${list},"links":[{"rel":"next"}],${page}}`],
    ['an array behind the numbers', `{"content":${list},${page},"sort":[]}`],
  ])('is read with %s', (_, text) => {
    const { records: read, number, totalElements, totalPages } = readPage(text, url);
    expect(read).toEqual(records);
    expect({ number, totalElements, totalPages }).toEqual(place);
  });

  it('is known by its records alone, not by how many others there are', () => {
    const one = readPage(`{"content":${list},${page}}`, url);
    const more = readPage(`{"content":${list},${page.replace('802', '803')}}`, url);
    const other = readPage(`{"content":${list.replace('"b"', '"c"')},${page}}`, url);
    expect(one.content).toBe(more.content);
    expect(more.totalElements).toBe(803);
    expect(other.content).not.toBe(one.content);
  });

  it.each([
    ['{"content":null}', 'no list of records'],
    ['[]', 'no list of records'],
    ['{"content":[{"id":', 'is not JSON'],
    [`{"content":[{]},${page}}`, 'is not JSON'],
    ['', 'is not JSON'],
  ])('that is none is told: %s', (text, said) => {
    expect(() => readPage(text, url).records).toThrow(said);
  });
});
